export * as tf from './tensor.js';
export * from './kernels.js';
export * from './module.js';
