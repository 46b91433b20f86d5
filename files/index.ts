/** Files that are written whole and read strictly. */
export { corrupt, diskReason, reading, writeFailed } from './errors.js';
export {
  errorCode,
  type FileLayer,
  type FileStatus,
  ifExists,
  nodeFiles,
  type OpenMode,
} from './file-layer.js';
export { isFolder } from './is-folder.js';
export { type KeepOptions, keepFile, keepFolder, readKept } from './kept-files.js';
export { makeFolder } from './make-folder.js';
export { type PlainJsonOptions, plainJson, withoutFolders } from './plain-json.js';
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
export { parseStrictJson, type StrictJson, type StrictJsonOptions } from './strict-json.js';
export {
  attempt,
  createOnce,
  TEMPORARY,
  writeAllAtomically,
  writeAtomically,
  writeFully,
} from './write-atomically.js';
