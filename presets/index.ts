export { default as quickstart } from './quickstart.js';
