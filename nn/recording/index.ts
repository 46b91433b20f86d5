export type { Program } from './program.js';
export { assign, type Computation, drawn, type Recorded, record } from './record.js';
export { isRepeatable, repeatable } from './repeatable.js';
