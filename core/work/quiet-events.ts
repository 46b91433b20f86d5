import type { TaskEvents } from '../contracts/index.js';
import type { PluginRun } from '../plugin.js';

/** Events of work outside of a run: it reports by its result; only what a person must know is told. */
export function quietEvents(run: PluginRun): TaskEvents {
  const nothing = () => undefined;
  return {
    progress: nothing,
    timeSpent: nothing,
    noticed: (text) => void run.hooks.noticed.promise(text),
    stepFinished: nothing,
    epochFinished: nothing,
    cellTrained: nothing,
    candidateRated: nothing,
    checkpointSaved: nothing,
  };
}
