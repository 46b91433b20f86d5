/** A run from its resolved configuration to its summary, and what it is made of, for what works on runs. */
export { runDiffers } from '../errors.js';
export { RUN_EVENTS } from '../hooks.js';
export { STAGES } from '../stages/stage-names.js';
export { differences, leaves } from './identity.js';
export { ledgerOf, readSummary } from './ledger.js';
export type { RunEvent } from './listen-to.js';
export { placeRun, type ResolvedRun, type RunStart, runFolderOf } from './open-session.js';
export { readOutcome, runTimes } from './outcome.js';
export { rememberedOptions, rememberOptions } from './remembered-options.js';
export { type RunOptions, runResolved } from './run.js';
export {
  checkConfig,
  configDifferences,
  readStored,
  type StoredRunConfig,
  toStored,
} from './run-config.js';
export { splitsText, testImagesWarning } from './run-warnings.js';
export { openStoredRun, readStoredConfig, type StoredRun, type StoredRunRequest } from './stored-run.js';
export { type TeacherFault, type TeacherTrial, tellTrial, tryTeacher } from './teacher-check.js';
export { datasetWithTeacher, describeWithTeacher } from './teacher-classes.js';
export { withoutEchoes } from './without-echoes.js';
export {
  assembleTrainingWorld,
  assembleWorld,
  type DescribedTeacher,
  openDataset,
  openWorld,
  partition,
} from './world.js';
