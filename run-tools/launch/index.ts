/** Runs whose tasks are executed elsewhere: started, looked at, gone on with and cancelled. */
export { type AdvanceOptions, advanceRun } from './advance-run.js';
export { cancelRun } from './cancel-run.js';
export { checkLauncher, type LauncherCheckRequest } from './check-launcher.js';
export { type LaunchedOrRun, launchRun } from './launch-run.js';
export type { Launch } from './launch-tasks.js';
export { type OpenJob, type OpenTask, type RunStatus, runStatus } from './run-status.js';
