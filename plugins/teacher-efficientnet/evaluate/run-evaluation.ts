import { resolve } from 'node:path';
import { readMachineOptions } from 'dna-nas/configuration';
import type { CommandTools, JsonObject, PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { datasetWithTeacher, openStoredRun } from 'dna-nas/core/run';
import type { TaskState } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { labelledByTeacher } from 'dna-nas/nn/teacher';
import { loadTrained, trainedNetworks } from 'dna-nas/run-tools';
import { runWithoutNetworks } from './errors.js';
import { startBackend } from './evaluation-setup.js';
import { spaceSubject } from './found-subject.js';
import type { EvaluateOptions } from './options.js';
import type { Evaluation } from './subject.js';

/** The networks that a run has trained from scratch, on the run's own data. */
export async function runEvaluation(options: EvaluateOptions, tools: CommandTools): Promise<Evaluation> {
  const { folder, run } = await openRun(options, tools);
  const trained = loadNetworks(folder, options);
  const dataset = await openData(run);
  const space = await run.resolve('resolveSpace', 'space');
  const subjects = trained.map(({ name, json, tensors }) =>
    spaceSubject({
      name,
      text: String(json.architecture),
      space,
      data: dataset.description,
      tensors: () => new Map(tensors),
      source: `${options.run}, ${name}`,
      epsilon: json.batchNormEpsilon as number | undefined,
    }),
  );
  const backend = await startRunBackend(run, options);
  if (dataset.description.labels !== false) return { subjects, dataset, backend };
  const teacher = await (await run.resolve('resolveTeacher', 'teacher')).load();
  return { subjects, dataset, backend, answered: labelledByTeacher(dataset, teacher) };
}

/** The run as its folder has it, with its data where this machine has them. */
export function openRun(options: EvaluateOptions, tools: CommandTools) {
  return openStoredRun({
    folder: resolve(tools.project, options.run!),
    project: tools.project,
    machine: machineOptions(options, tools),
  });
}

/** The run's own backend, or the one that is named; returns its description. */
export async function startRunBackend(run: PluginRun, { backend }: EvaluateOptions): Promise<string> {
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

/** Where this machine has the run's data. */
function machineOptions(
  { data, dataOptions, set = [] }: EvaluateOptions,
  { project }: CommandTools,
): JsonObject {
  const named = Object.entries(dataOptions).map(([name, value]) => [`data.${name}`, value]);
  return {
    ...(data !== undefined && { 'data.path': resolve(project, data) }),
    ...Object.fromEntries(named),
    ...readMachineOptions(set),
  };
}

/** The run's networks by their results' names, or the one that is asked for. */
function loadNetworks(
  folder: AttachedRunFolder,
  { run, network }: EvaluateOptions,
): (TaskState & { name: string })[] {
  const all = trainedNetworks(folder);
  const wanted = all.filter(({ name, beside }) => (network === undefined ? !beside : name === network));
  const names = all.map(({ name }) => name);
  if (wanted.length === 0) throw runWithoutNetworks(run!, network, names);
  return wanted.map(({ name }) => ({ name, ...loadTrained(folder, { name }) }));
}
