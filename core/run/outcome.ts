import type { RunSummary } from '../stages/index.js';
import type { AttachedRunFolder } from '../store/index.js';

const OUTCOME = 'outcome';

/** The run is complete. Times belong to the journal, so that equal runs have equal files. */
export function writeOutcome(folder: AttachedRunFolder, summary: RunSummary): void {
  const { seconds: _, stages: __, ledger: ___, ...outcome } = summary;
  folder.writeJson(OUTCOME, outcome);
}

/** The summary of a complete run, with the times that its journal holds; undefined while it is not complete. */
export function readOutcome(folder: AttachedRunFolder): RunSummary | undefined {
  const outcome = folder.readJson(OUTCOME) as RunSummary | undefined;
  return outcome && { ...outcome, ...runTimes(folder) };
}

/** What a run has taken, by stage and in all. */
export function runTimes(folder: AttachedRunFolder): Pick<RunSummary, 'seconds' | 'stages'> {
  // The summary is made before the report is over, and is to say the same afterwards.
  const { report: _, ...stages } = secondsByStage(folder);
  return { seconds: Object.values(stages).reduce((sum, seconds) => sum + seconds, 0), stages };
}

/** Over all starts of the run; a stage that was killed has not been booked. */
export function secondsByStage(folder: AttachedRunFolder): Record<string, number> {
  const stages: Record<string, number> = {};
  for (const { event, stage, seconds } of folder.readJournal()) {
    if (event !== 'stageLeft') continue;
    stages[String(stage)] = (stages[String(stage)] ?? 0) + Number(seconds);
  }
  return stages;
}
