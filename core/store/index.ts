export { AttachedRunFolder, type AttachOptions, attachRunFolder } from './attached-run-folder.js';
export { makeFolder } from './disk.js';
export { runDamaged, writeFailed } from './errors.js';
export { type FileLayer, type FileStatus, ifExists, nodeFiles, type OpenMode } from './file-layer.js';
export type { JournalEntry } from './journal.js';
export { type KeepOptions, keepFile, keepFolder, readKept } from './kept-files.js';
export { describeOwner, type Owner } from './owner.js';
export { type ProcessIdentity, thisProcess } from './process-identity.js';
export { type OpenOptions, openRunFolder, RunFolder } from './run-folder.js';
export { readSafetensors, toStateDict, writeSafetensors } from './safetensors.js';
export type {
  SafetensorsDtype,
  SafetensorsFile,
  SafetensorsTensor,
  TensorValue,
} from './safetensors-types.js';
export { halfToFloat, widenBfloat } from './safetensors-types.js';
export { type Claiming, type ClaimOptions, TaskClaims } from './task-claims.js';
export { type RunVerification, verifyRun } from './verify-run.js';
export { attempt, createOnce, writeAtomically, writeFully } from './write-atomically.js';
