import { join } from 'node:path';
import { definePlugin, type PluginRun, type RunSoFar } from 'dna-nas/core';
import { runFolderOf } from 'dna-nas/core/run';
import { hyperparameters, resultsOf, trackRun } from 'dna-nas/run-tools/tracking';
import { EventLog } from './event-log.js';
import { featureImages } from './feature-images.js';
import { histogramValue, scalarValue, sessionValues } from './values.js';

/** Folder of the event files in the run folder. */
export const EVENTS_FOLDER = 'tensorboard';

/** At the end: what a disk that hangs may cost. */
const MOST_WAIT = 2000;

/** Writes what a run tells into event files that TensorBoard reads, while it works. */
export const reportTensorboard = definePlugin({
  name: 'report-tensorboard',
  description: 'Event files for TensorBoard: losses, accuracies, ratings, feature maps and options of a run.',
  module: import.meta.url,
  export: 'reportTensorboard',
  apply(run) {
    if (run.main) writeEvents(run);
    // A worker taps what the main thread does, and ratings pass it unchanged.
    else run.hooks.ratings.tap('report-tensorboard', (ratings) => ratings);
  },
});

function writeEvents(run: PluginRun): void {
  const name = 'report-tensorboard';
  const { hooks, config } = run;
  let log: EventLog | undefined;
  const logIn = (folder: string) => {
    log ??= new EventLog(join(folder, EVENTS_FOLDER), {
      failed: ({ message }) =>
        void hooks.noticed.promise(`Nothing more is written for TensorBoard: ${message}.`),
    });
    return log;
  };
  const now = () => logIn(config ? runFolderOf(config, run.project) : run.project);
  trackRun(name, hooks, {
    scalar: (tag, step, value) => now().add(tag, step, scalarValue(value)),
    distribution: (tag, step, values) => {
      const value = histogramValue(values);
      if (value) now().add(tag, step, value);
    },
  });
  hooks.featuresCompared.tap(name, (compared) => {
    for (const [tag, value] of featureImages(compared)) logIn(compared.folder).add(tag, 0, value);
  });
  hooks.runFinished.tapPromise(name, async ({ summary, folder }) => {
    addResults(logIn(folder), { summary, config });
    await close();
  });
  hooks.reportAsked.tapPromise(name, close);
  hooks.runFailed.tapPromise(name, close);

  async function close(): Promise<void> {
    await log?.close(MOST_WAIT);
  }
}

/** What came out, and the options that made it. */
function addResults(
  log: EventLog,
  { summary, config }: { readonly summary: RunSoFar; readonly config: PluginRun['config'] },
): void {
  const results = resultsOf(summary);
  for (const [tag, value] of Object.entries(results)) log.add(tag, 0, scalarValue(value));
  if (!config) return;
  const times = { seconds: summary.seconds, ended: Date.now() / 1000 };
  const session = sessionValues(hyperparameters(config), { metrics: Object.keys(results), ...times });
  for (const [tag, value] of session) log.add(tag, 0, value);
}
