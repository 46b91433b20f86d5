/** What a run is made of, for rooms that work on runs: `dna-nas/core/run`. Plugins need none of it. */
export { requireOwnModules } from '../config/own-modules.js';
export { isSmoke } from '../config/smoke.js';
export { type StoredConfig, storedConfig } from '../config/stored-config.js';
export { runDiffers } from '../errors.js';
export { builtInPlugin } from '../plugin/catalogue.js';
export { describeGiven, type Given } from '../space/given-network.js';
export { Disk } from '../store/disk.js';
export { quietEvents } from '../work/events.js';
export { differences } from './identity.js';
export { defaultWorkers } from './open-session.js';
export { readOutcome, runTimes } from './outcome.js';
export { rememberedOptions } from './remembered-options.js';
export { configDifferences, readStored, type StoredRunConfig, toStored } from './run-config.js';
export { splitsText, testImagesWarning } from './run-warnings.js';
export { readStoredConfig } from './stored-run.js';
export { withoutEchoes } from './without-echoes.js';
export {
  assembleTrainingWorld,
  assembleWorld,
  type DescribedTeacher,
  openDataset,
  openWorld,
  partition,
} from './world.js';
