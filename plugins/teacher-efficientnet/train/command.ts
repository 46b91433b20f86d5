import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CommandTools, JsonObject, PluginCommand } from 'dna-nas/core';
import { resolveConfig } from 'dna-nas/core/config';
import type { Dataset } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { nodeFiles, writeAtomically, writeSafetensors } from 'dna-nas/files';
import { EfficientNet } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { NOTE_KEY, resolveArchitecture, type TeacherNote } from '../architecture.js';
import { teacherThere } from '../errors.js';
import { TRAIN_OPTIONS, type TrainCommandOptions } from './options.js';
import { trainTeacher } from './train-teacher.js';
import { TrainingFile } from './training-file.js';

/** `dna teacher train`: trains a teacher on a data plugin's set and writes its weights. */
export const trainCommand: PluginCommand = {
  name: 'teacher train',
  description: 'Train an EfficientNet on a data set and write it as a teacher.',
  options: TRAIN_OPTIONS,
  stoppable: true,
  async run(given, tools) {
    const options = given as unknown as TrainCommandOptions;
    if (!options.force && existsSync(resolve(tools.project, options.out))) throw teacherThere(options.out);
    const { dataset, backend } = await open(options, tools);
    try {
      tools.note(`Training on ${dataset.description.name} with ${backend}.`);
      await train(options, dataset, tools);
    } finally {
      await dataset.close();
    }
  },
};

/** Resolves data and backend as a run would, with nothing but these two in the configuration. */
async function open(
  options: TrainCommandOptions,
  tools: CommandTools,
): Promise<{ dataset: Dataset; backend: string }> {
  const config = await resolveConfig({
    project: tools.project,
    configFile: false,
    config: { seed: options.seed, data: { use: options.data, ...options.dataOptions } },
    plugins: [`backend-${options.backend}`],
  });
  const run = await applyPlugins(config, { project: tools.project, main: true });
  const backend = await run.resolve('resolveBackend', 'backend');
  const { description } = await backend.start({ workers: 1 });
  const source = await run.resolve('resolveData', 'data');
  return { dataset: await source.open(), backend: description };
}

async function train(options: TrainCommandOptions, dataset: Dataset, tools: CommandTools): Promise<void> {
  const { image, classes, name } = dataset.description;
  const note: TeacherNote = { architecture: options.architecture, image, classes };
  const { spec } = resolveArchitecture({}, { note });
  const { dropout, dropConnect } = options;
  const network = new EfficientNet({ ...spec, dropout, dropConnect });
  const { params, macs } = network.cost(image);
  tools.note(`${params} parameters, ${macs} multiply-adds an image.`);
  const file = resolve(tools.project, options.out);
  mkdirSync(dirname(file), { recursive: true });
  const training = openTraining(file, { options, dataset, tools });
  const accuracy = await trainTeacher(network, dataset, {
    recipe: options,
    file: training,
    told: ({ epoch, epochs, loss, seconds }) =>
      tools.note(`epoch ${epoch}/${epochs}: loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s`),
  });
  const notes = { [NOTE_KEY]: JSON.stringify(note), data: name, accuracy: accuracy.toFixed(4) };
  writeAtomically(nodeFiles, file, writeSafetensors(stateDict(network), notes));
  training.remove();
  network.dispose();
  tools.print(`Test accuracy ${accuracy.toFixed(4)}; weights in ${options.out}.`);
}

/** An unfinished training goes on where everything is the same that makes its weights. */
function openTraining(
  file: string,
  { options, dataset, tools }: { options: TrainCommandOptions; dataset: Dataset; tools: CommandTools },
): TrainingFile {
  const { out: _, force: __, checkpointSeconds, ...rest } = options;
  const { name, fingerprint, size } = dataset.description;
  const identity = { options: rest, data: { name, fingerprint, size } } as unknown as JsonObject;
  return new TrainingFile({ path: `${file}.training`, identity, checkpointSeconds, signal: tools.signal });
}
