/** Blockwise distillation: cells that are trained to give the features of a teacher, all blocks at once or one after the other. */
export { distillStage } from './distill-stage.js';
export { type DistillOptions, distillOptions } from './options.js';
export { singlePathStep } from './single-path-step.js';
export { bestCandidates } from './strategies/best-candidates.js';
export { blockwise, type DistillBlockwiseOptions, distillBlockwise } from './strategies/blockwise.js';
export { CellChain } from './strategies/cell-chain.js';
export {
  type ProgressiveDistillOptions,
  type ProgressiveOptions,
  progressive,
  progressiveOptions,
} from './strategies/progressive.js';
export { distillProgressiveS1 } from './strategies/progressive-s1.js';
export { distillProgressiveS2 } from './strategies/progressive-s2.js';
export type { CellTask, DistillStrategy } from './strategy.js';
