export { type RandomStream, randomStream } from './random.js';
