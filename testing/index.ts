export { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
export type { CheckResult } from './check.js';
export { type CheckRequest, checkPlugin } from './check-plugin.js';
export { answerOf, type PluginRequest } from './plugin-under-test.js';
