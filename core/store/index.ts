/** The run folder: its journal, tasks and their claims, checkpoints, and its check. */
export { AttachedRunFolder, type AttachOptions, attachRunFolder } from './attached-run-folder.js';
export { type MachineUse, type Neighbour, Neighbours } from './neighbours.js';
export { type OpenOptions, openRunFolder, RunFolder } from './run-folder.js';
export { type Claiming, type ClaimOptions, TaskClaims } from './task-claims.js';
