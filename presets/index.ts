/** Presets as functions: each returns a configuration. */
export { default as ablationS1 } from './ablation-s1.js';
export { default as ablationS2 } from './ablation-s2.js';
export { default as ablationSingleCell } from './ablation-single-cell.js';
export { default as auto } from './auto.js';
export { default as nasBenchMacro } from './nas-bench-macro.js';
export { default as paperB0 } from './paper-b0.js';
export { default as paperB7 } from './paper-b7.js';
export { default as paperB7Scaled } from './paper-b7-scaled.js';
export { default as paperB7SingleCell } from './paper-b7-single-cell.js';
export { default as quickstart } from './quickstart.js';
