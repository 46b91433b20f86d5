/** Runs as their folders show them: those of a folder, the tasks and the soundness of one, and one while it goes on. */

export { forecastRun, type RunSoFarWork, type RunTimeRange } from './forecast-run.js';
export { forecastWork, type TimeRange, type WorkSoFar } from './forecast-work.js';
export { type ListedRun, listRuns, type RunState } from './list-runs.js';
export { listTasks, type TaskList, type TaskProgress, type TaskStatus } from './list-tasks.js';
export { type RunView, RunViewer, type SpeedView, type StageView, type TaskView } from './run-view.js';
export { type RunSelection, selectRuns } from './select-runs.js';
export { type RunVerification, verifyRun } from './verify-run.js';
