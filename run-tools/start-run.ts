import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RunRequest, run } from 'dna-nas/configuration';
import type { RunEvent, RunOptions } from 'dna-nas/core/run';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { EventQueues } from './event-queues.js';
import { trainedNetworks } from './trained-networks.js';

/** A run that was started and works on. */
export interface RunHandle {
  /**
   * What the run tells from the moment on that somebody iterates, in order; it ends when the run does, however that is.
   * Whoever iterates has all events, also several at once. What is not yet read waits in memory.
   */
  readonly events: AsyncIterable<RunEvent>;
  /** How the run has ended; rejects with what `run` throws, `STOPPED` after the signal. */
  readonly finished: Promise<EndedRun>;
}

/** What a run has left. Paths are absolute. */
export interface EndedRun {
  /** Undefined where `until` or `layOut` ended the run before its report. */
  readonly summary: RunSummary | undefined;
  /** The run's folder. */
  readonly folder: string;
  /** Its files for people and programs: `search.json`, `report.html`, …, in alphabetical order. */
  readonly files: readonly string[];
  /** Weights of the networks that it has trained, by their names: `found`, `random`. */
  readonly weights: Readonly<Record<string, string>>;
}

/**
 * Starts a run, or goes on with it, and returns at once. Give `signal` to stop it: it saves its state and `finished`
 * rejects with `STOPPED`; the same call goes on.
 */
export function startRun(request: RunRequest, options: RunOptions = {}): RunHandle {
  const queues = new EventQueues<RunEvent>();
  let folder = '';
  const onEvent = (event: RunEvent) => {
    queues.put(event);
    options.onEvent?.(event);
  };
  const onOpen = (path: string) => {
    folder = path;
    options.onOpen?.(path);
  };
  const finished = run(request, { ...options, onEvent, onOpen })
    .then((summary) => endedRun(folder, summary))
    .finally(() => queues.end());
  // Whoever reads the events first awaits the end later: until then nobody has missed the error.
  finished.catch(() => undefined);
  return { events: queues, finished };
}

function endedRun(path: string, summary: RunSummary | undefined): EndedRun {
  const folder = attachRunFolder(path);
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  const trained = trainedNetworks(folder).filter(({ beside }) => !beside);
  return {
    summary,
    folder: path,
    files: names.sort().map((name) => join(path, name)),
    weights: Object.fromEntries(
      trained.map(({ name }) => [name, join(path, 'results', `retrain-${name}.safetensors`)]),
    ),
  };
}
