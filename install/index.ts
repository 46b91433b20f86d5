/** What the backends that a command installs share: tools, downloads, folders, errors. */
export { backendsFolder, readRecord, writeRecord } from './backends-folder.js';
export { type BackendFault, checkInstalled, misfitOf } from './check-installed.js';
export { type Compiler, findCompiler } from './compiler.js';
export {
  backendNotInstalled,
  backendOutdated,
  compileFailed,
  installationUnusable,
  installRequires,
} from './errors.js';
export { fetchLibrary } from './fetch-library.js';
export { folderBytes } from './folder-bytes.js';
export { hasGpu } from './gpu.js';
export type { InstalledBackend } from './installed-backend.js';
export { type Platform, requireFolder, requirePlatform, requireSpace, thisPlatform } from './machine.js';
export { NODE_API, nodeHeaders } from './node-api.js';
export { removeCommand } from './remove-command.js';
export { replaceFolder } from './replace-folder.js';
export { type Finished, runTool, type ToolOptions } from './run-tool.js';
export { runTrial, type Trial, trialEnvironment, tryBeside } from './trial.js';
export { downloadWheels, readRequirements, unpackWheel, wheelFiles } from './wheels.js';
