/** What plugins answer and are given, in the method's own words: types of data, teachers, spaces, supernets, networks and training. */
export type * from './backend.js';
export type * from './data.js';
export type * from './launcher.js';
export type * from './network.js';
export type * from './space.js';
export type * from './teacher.js';
export type * from './training.js';
