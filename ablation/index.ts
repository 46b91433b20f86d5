/** Grids of runs that differ in a few options, and one table of what they come to. */
export {
  type Ablation,
  type AblationOptions,
  type AblationRequest,
  ablate,
  type GridPlacement,
  type PointAt,
} from './ablate.js';
export type { AblationEffect } from './effects.js';
export { type Axis, type Level, readAxes, readGridFile } from './grid.js';
export type { MemoryReading } from './point-queue.js';
export type { AblationRow, Measure, PointResult } from './rows.js';
export { markdownTables } from './table.js';
