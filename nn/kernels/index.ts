/** Kernels: what a backend may have a fast version of, what they are given, and the trial that compares them with ours. */
export { hasKernel, runKernel, withoutKernels } from '../ops/kernel.js';
export * from './attributes.js';
export { requireExactProduct } from './exact-product.js';
export { requireKernels } from './require-kernels.js';
export * from './table.js';
