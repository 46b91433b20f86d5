/** What a plugin is written with: its definition, the hooks that it taps, random streams, and errors with a code of ours. */
export { stopped } from './errors.js';
export { type Change, createHooks, type Notify, type Request, type Resolve, type RunHooks } from './hooks.js';
export { packageVersion } from './plugin/catalogue.js';
export { definePlugin } from './plugin/define-plugin.js';
export type * from './plugin/plugin.js';
export { type RandomStream, randomStream, streamOfKey } from './random.js';
export type * from './run-comparison.js';
export type * from './run-events.js';
