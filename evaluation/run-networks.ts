import { resolve } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { datasetWithTeacher, openStoredRun } from 'dna-nas/core/run';
import type { TaskState } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { labelledByTeacher } from 'dna-nas/nn/teacher';
import { loadTrained, trainedNetworks } from 'dna-nas/run-tools';
import { runWithoutNetworks } from './errors.js';
import type { Evaluation } from './evaluation.js';
import type { RequestOf, RunNetworks } from './request.js';
import { startBackend } from './setup.js';
import { spaceSubject } from './space-network.js';

/** The networks that a run has trained from scratch, on the run's own data. */
export async function runNetworks(request: RequestOf<RunNetworks>): Promise<Evaluation> {
  const { folder, run } = await openRun(request);
  const trained = loadNetworks(folder, request);
  const dataset = await openData(run);
  const space = await run.resolve('resolveSpace', 'space');
  const subjects = trained.map(({ name, json, tensors }) =>
    spaceSubject({
      name,
      text: String(json.architecture),
      space,
      data: dataset.description,
      tensors: () => new Map(tensors),
      source: `${request.run}, ${name}`,
      epsilon: json.batchNormEpsilon as number | undefined,
    }),
  );
  const backend = await startRunBackend(run, request);
  if (dataset.description.labels !== false) return { subjects, dataset, backend };
  const teacher = await (await run.resolve('resolveTeacher', 'teacher')).load();
  return { subjects, dataset, backend, answered: labelledByTeacher(dataset, teacher) };
}

/** The run as its folder has it, with its data where this machine has them. */
export function openRun({ run, project, machine = {} }: RequestOf<RunNetworks>) {
  return openStoredRun({ folder: resolve(project, run), project, machine });
}

/** The run's own backend, or the one that is named; returns its description. */
export async function startRunBackend(
  run: PluginRun,
  { backend }: Pick<RequestOf<RunNetworks>, 'backend'>,
): Promise<string> {
  if (backend) return startBackend(backend);
  return (await (await run.resolve('resolveBackend', 'backend')).start({ workers: 1 })).description;
}

/** Without labels the classes are the teacher's. */
async function openData(run: PluginRun): Promise<Dataset> {
  const dataset = await (await run.resolve('resolveData', 'data')).open();
  if (dataset.description.labels !== false) return dataset;
  const teacher = await run.resolve('resolveTeacher', 'teacher');
  return datasetWithTeacher(dataset, await teacher.describe());
}

/** The run's networks by their results' names, or the one that is asked for. */
function loadNetworks(
  folder: AttachedRunFolder,
  { run, network }: RunNetworks,
): (TaskState & { name: string })[] {
  const all = trainedNetworks(folder);
  const chosen = all.filter(({ name, beside }) => (network === undefined ? !beside : name === network));
  const names = all.map(({ name }) => name);
  if (chosen.length === 0) throw runWithoutNetworks(run, network, names);
  return chosen.map(({ name }) => ({ name, ...loadTrained(folder, { name }) }));
}
