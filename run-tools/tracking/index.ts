export { hyperparameters } from './hyperparameters.js';
export { LastSteps } from './last-steps.js';
export { resultsOf, type Tracker, trackRun } from './track-run.js';
