/** Blockwise distillation: cells that are trained to give the features of a teacher, all blocks at once or one after the other. */
export { bestCandidates } from './best-candidates.js';
export { blockwise } from './blockwise.js';
export { CellChain } from './cell-chain.js';
export { distillStage } from './distill-stage.js';
export { KeptStatistics } from './kept-statistics.js';
export { type DistillOptions, distillOptions } from './options.js';
export {
  behindImage,
  type ProgressiveDistillOptions,
  type ProgressiveOptions,
  progressive,
  progressiveOptions,
} from './progressive.js';
export { singlePathStep } from './single-path-step.js';
export type { CellTask, DistillStrategy } from './strategy.js';
