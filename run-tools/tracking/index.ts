/** What plugins share that tell others of a run while it works: points of its losses, results, options, steps that are kept. */
export { hyperparameters } from './hyperparameters.js';
export { LastSteps } from './last-steps.js';
export { resultsOf, type Tracker, trackRun } from './track-run.js';
