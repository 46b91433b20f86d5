export type * from './contracts/index.js';
export { type RandomStream, randomStream } from './random.js';
