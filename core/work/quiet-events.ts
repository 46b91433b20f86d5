import type { TaskEvents } from '../contracts/index.js';

/** Events of work outside of a run: it reports by its result; only what a person must know is told. */
export function quietEvents(noticed: (text: string) => void): TaskEvents {
  const nothing = () => undefined;
  return {
    progress: nothing,
    timeSpent: nothing,
    noticed,
    stepFinished: nothing,
    epochFinished: nothing,
    cellTrained: nothing,
    candidateRated: nothing,
    checkpointSaved: nothing,
  };
}
