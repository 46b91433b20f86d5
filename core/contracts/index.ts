export type * from './data.js';
export type * from './forecast.js';
export type * from './network.js';
export type * from './result.js';
export type * from './space.js';
export type * from './stage.js';
export type * from './teacher.js';
export type * from './training.js';
