import { resolve } from 'node:path';
import { type CommandTools, type JsonObject, openStoredRun, type TaskState } from 'dna-nas/core';
import { runWithoutNetworks } from './errors.js';
import { spaceSubject } from './found-subject.js';
import type { EvaluateOptions } from './options.js';
import { startBackend } from './parts.js';
import type { Evaluation } from './subject.js';

/** The networks that a run has trained from scratch, on the run's own data. */
export async function runEvaluation(options: EvaluateOptions, tools: CommandTools): Promise<Evaluation> {
  const { folder, run } = await openStoredRun({
    folder: resolve(tools.project, options.run!),
    project: tools.project,
    machine: machineOptions(options, tools),
  });
  const results = folder.resultIds().map((id) => folder.loadResult(id)!);
  const trained = results.filter(isNetwork);
  if (trained.length === 0) throw runWithoutNetworks(options.run!);
  const source = await run.resolve('resolveData', 'data');
  const dataset = await source.open();
  const space = await run.resolve('resolveSpace', 'space');
  const subjects = trained.map(({ json, tensors }) =>
    spaceSubject({
      name: json.weights === undefined ? String(json.name) : `${json.name} (${json.weights})`,
      text: String(json.architecture),
      epsilon: json.batchNormEpsilon as number | undefined,
      space,
      data: dataset.description,
      tensors: () => new Map(tensors),
    }),
  );
  const backend = options.backend
    ? await startBackend(options.backend)
    : (await (await run.resolve('resolveBackend', 'backend')).start({ workers: 1 })).description;
  return { subjects, dataset, backend };
}

/** Where this machine has the run's data. */
function machineOptions({ data, dataOptions }: EvaluateOptions, { project }: CommandTools): JsonObject {
  const named = Object.entries(dataOptions).map(([name, value]) => [`data.${name}`, value]);
  return {
    ...(data !== undefined && { 'data.path': resolve(project, data) }),
    ...Object.fromEntries(named),
  };
}

function isNetwork({ json, tensors }: TaskState): boolean {
  return typeof json.architecture === 'string' && tensors.size > 0;
}
