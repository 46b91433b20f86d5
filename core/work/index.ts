/** Tasks of a run: executed, paced by checkpoints, and told of across threads. */
export { CheckpointPacer, type PacedContext, type Saved } from './checkpoint-pacer.js';
export { quietEvents } from './events.js';
export { MetricsRecorder, type RecordedStore, type RecorderDependencies } from './metrics-recorder.js';
export { describePlacement, type Placement, type WorkerPlacement } from './place-workers.js';
export { runTask, type TaskRequest } from './run-task.js';
export { trainTaskId } from './train-task.js';
