/** Checks of plugins by the contracts of their kinds. */
export type { CheckResult } from './check.js';
export { type CheckRequest, checkPlugin } from './check-plugin.js';
export { answerOf, type PluginRequest } from './plugin-under-test.js';
