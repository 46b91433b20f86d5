/** The stages of a run: their tasks, what they are given, and what they find. Types. */
export type * from './forecast.js';
export type * from './imitation.js';
export type * from './result.js';
export type * from './search.js';
export type * from './stage.js';
export type { StageName } from './stage-names.js';
