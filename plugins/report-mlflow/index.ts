import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePlugin, type PluginRun } from 'dna-nas/core';
import { runFolderOf } from 'dna-nas/core/run';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { hyperparameters, resultsOf, trackRun } from 'dna-nas/run-tools/tracking';
import { Sender } from './sender.js';

export { MlflowClient } from './client.js';
export { Sender, type SenderOptions } from './sender.js';

/** In the run folder: the run's id on the server, for a later start. */
export const RUN_FILE = 'mlflow.json';

export interface ReportMlflowOptions {
  readonly server?: string;
  readonly experiment: string;
}

const USUAL_SERVER = 'http://127.0.0.1:5000';
/** Characters of a parameter that every server takes. */
const MOST_VALUE = 500;

/** Tells an MLflow server of a run, while it works. */
export const reportMlflow = definePlugin<ReportMlflowOptions>({
  name: 'report-mlflow',
  description: 'Losses, accuracies, ratings and options of a run, told to an MLflow server while it works.',
  module: import.meta.url,
  export: 'reportMlflow',
  options: {
    properties: {
      server: {
        type: 'string',
        pattern: '^https?://',
        kind: 'display',
        description: `Its address; by default MLFLOW_TRACKING_URI, else ${USUAL_SERVER}.`,
      },
      experiment: {
        type: 'string',
        minLength: 1,
        default: 'dna',
        kind: 'display',
        description: 'The experiment that the run belongs to; it is made if there is none.',
      },
    },
  },
  apply(run, options) {
    if (run.main) tellServer(run, options);
    // A worker taps what the main thread does, and ratings pass it unchanged.
    else run.hooks.ratings.tap('report-mlflow', (ratings) => ratings);
  },
});

function tellServer(run: PluginRun, options: ReportMlflowOptions): void {
  const name = 'report-mlflow';
  const { hooks, config } = run;
  let sender: Sender | undefined;
  const senderFor = (folder: string) => {
    sender ??= openSender(run, { ...options, folder });
    return sender;
  };
  const now = () => senderFor(config ? runFolderOf(config, run.project) : run.project);
  trackRun(name, hooks, {
    scalar: (key, step, value) => now().add(key, step, value),
    distribution: (key, step, values) => now().add(`${key}-best`, step, leastOf(values)),
  });
  hooks.runFinished.tapPromise(name, async ({ summary, folder }) => {
    const open = senderFor(folder);
    for (const [key, value] of Object.entries(resultsOf(summary))) open.add(key, 0, value);
    await open.close('FINISHED', timeFor(summary.seconds));
    if (open.waiting > 0)
      await hooks.noticed.promise(
        `${open.waiting} values were not told to the MLflow server; \`dna report ${folder}\` tells it what came out.`,
      );
  });
  hooks.runFailed.tapPromise(name, async (error) => {
    const status = (error as { code?: string }).code === 'STOPPED' ? 'KILLED' : 'FAILED';
    await sender?.close(status, LEAST_WAIT);
  });
}

const LEAST_WAIT = 500;
const MOST_WAIT = 5000;

/** Milliseconds that the end of a run waits for the server: 0.4 % of the run, and of one that is well twice that. */
function timeFor(seconds: number): number {
  return Math.min(MOST_WAIT, Math.max(LEAST_WAIT, 4 * seconds));
}

function leastOf(values: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < values.length; at++) least = Math.min(least, values[at]!);
  return least;
}

function openSender(
  { hooks, config }: PluginRun,
  { server, experiment, folder }: ReportMlflowOptions & { readonly folder: string },
): Sender {
  const file = join(folder, RUN_FILE);
  const params = Object.entries(config ? hyperparameters(config) : {});
  return new Sender({
    server: server ?? serverOf(process.env) ?? USUAL_SERVER,
    headers: headersOf(process.env),
    experiment,
    name: config?.name ?? folder,
    params: params.map(([key, value]) => ({ key, value: String(value).slice(0, MOST_VALUE) })),
    runId: readRunId(file),
    keepRunId: (runId) => writeAtomically(nodeFiles, file, Buffer.from(`${JSON.stringify({ runId })}\n`)),
    noticed: (text) => void hooks.noticed.promise(text),
  });
}

function serverOf({ MLFLOW_TRACKING_URI: address }: NodeJS.ProcessEnv): string | undefined {
  return address?.startsWith('http') ? address : undefined;
}

/** As MLflow's own clients do; nothing of it is kept. */
function headersOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user = '' } = environment;
  const { MLFLOW_TRACKING_PASSWORD: password = '' } = environment;
  if (token) return { authorization: `Bearer ${token}` };
  if (user === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** Undefined where no earlier start has told a server; what cannot be read is none. */
function readRunId(file: string): string | undefined {
  try {
    const { runId } = JSON.parse(readFileSync(file, 'utf8')) as { runId?: unknown };
    return typeof runId === 'string' ? runId : undefined;
  } catch {
    return undefined;
  }
}
