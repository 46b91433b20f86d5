/** A run's configuration as plain data: how a run folder keeps it, whose modules it may name, and options checked by their schemas. */
export { invalidConfig, unusableExport } from '../errors.js';
export { checkValues } from './check-values.js';
export { isSmoke } from './is-smoke.js';
export {
  fileOf,
  hashFile,
  isFile,
  type LoadedModule,
  loadModule,
  reach,
  resolveModule,
} from './load-module.js';
export { requireOwnModules } from './own-modules.js';
export { type StoredConfig, storedConfig } from './stored-config.js';
export type * from './types.js';
export { validateOptions } from './validate.js';
