/** Configurations: what a user writes, how layers of it become resolved values, and what a run folder keeps of them. */
export { checkValues } from './check-values.js';
export type { Derivation, DerivationFacts } from './derive.js';
export { requireOwnModules } from './own-modules.js';
export { isPlainObject } from './plain.js';
export { resolveConfig } from './resolve.js';
export { readSettings, type Setting } from './settings.js';
export { isSmoke } from './smoke.js';
export { type StoredConfig, storedConfig } from './stored-config.js';
export type * from './types.js';
