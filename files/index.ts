/** Files that are written whole and read strictly, and who may write them: folders, JSON, journals, metrics, tensors, ownership. */
export { Disk } from './disk.js';
export { corrupt, reading, writeFailed } from './errors.js';
export {
  type FileLayer,
  type FileStatus,
  ifExists,
  nodeFiles,
  type OpenMode,
} from './file-layer.js';
export { isFolder } from './is-folder.js';
export {
  type JournalEntry,
  type JournalSeal,
  JournalWriter,
  readJournal,
  sealProblems,
} from './journal.js';
export { journalText } from './journal-text.js';
export { type KeepOptions, keepFile, keepFolder, readKept } from './kept-files.js';
export { makeFolder } from './make-folder.js';
export {
  type MetricsEntry,
  type MetricsEpoch,
  type MetricsPoint,
  type MetricsRatings,
  MetricsReader,
  type MetricsRow,
  MetricsWriter,
  readMetrics,
  type TaskMetrics,
} from './metrics.js';
export { type OutputSeal, OutputSeals, type SealsRead } from './output-seals.js';
export { LEASE_SECONDS, LeaseWatch, RENEWALS_A_LEASE, renew } from './ownership/lease.js';
export {
  currentOwner,
  describeOwner,
  lastNumber,
  lossOf,
  type Ownable,
  type Owner,
  releaseOwnership,
  type TakeOptions,
  takeOwnership,
} from './ownership/owner.js';
export { type ProcessIdentity, processState, thisProcess } from './ownership/process-identity.js';
export { isPartial, partial, sweepPartial } from './partial.js';
export { copyOptions, isPlainObject } from './plain.js';
export { type PlainJsonOptions, plainJson } from './plain-json.js';
export { encodePng, type PngImage } from './png.js';
export { readSafetensors, toStateDict, writeSafetensors } from './safetensors.js';
export {
  halfToFloat,
  type SafetensorsFile,
  type SafetensorsTensor,
  type TensorValue,
  widenBfloat,
} from './safetensors-types.js';
export { openSealedJson, sealJson } from './sealed-json.js';
export { openSealedState, sealState } from './sealed-state.js';
export { parseStrictJson, type StrictJson, type StrictJsonOptions } from './strict-json.js';
export { sweepFolder } from './sweep-folder.js';
export {
  attempt,
  writeAtomically,
  writeFully,
} from './write-atomically.js';
