import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { resolveConfig } from 'dna-nas/configuration';
import { type CommandTools, type JsonObject, randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { nodeFiles, writeAtomically, writeSafetensors } from 'dna-nas/files';
import { dataUnlabelled } from 'dna-nas/nn/images';
import { EfficientNet } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { NOTE_KEY, resolveArchitecture, type TeacherNote } from '../architecture.js';
import { noTrainingData, teacherThere } from '../errors.js';
import { dataOptionsFor } from './data-options.js';
import { adoptWeights, type FirstWeights, findFirstWeights } from './first-weights.js';
import type { TrainCommandOptions } from './options.js';
import { recipeOf, type TrainRecipe } from './recipe.js';
import { type TrainedEpoch, trainTeacher } from './train-teacher.js';
import { TrainingFile } from './training-file.js';

/** Trains a teacher as the command line asks, and writes its weights. */
export async function trainOnData(given: Readonly<JsonObject>, tools: CommandTools): Promise<void> {
  if (given.data === undefined) throw noTrainingData();
  const options = given as unknown as TrainCommandOptions;
  if (!options.force && existsSync(resolve(tools.project, options.out))) throw teacherThere(options.out);
  const first = await findFirstWeights(options, { project: tools.project, noticed: tools.note });
  const { dataset, backend } = await open(options, first, tools);
  try {
    tools.note(`Training on ${dataset.description.name} with ${backend}.`);
    await train({ options, first, dataset }, tools);
  } finally {
    await dataset.close();
  }
}

/** Resolves data and backend as a run would, with nothing but these two in the configuration. */
async function open(
  options: TrainCommandOptions,
  { preprocessing }: FirstWeights,
  tools: CommandTools,
): Promise<{ dataset: Dataset; backend: string }> {
  const { project } = tools;
  const dataOptions = await dataOptionsFor(options, preprocessing, project);
  const config = await resolveConfig({
    project,
    configFile: false,
    config: { seed: options.seed, data: { use: options.data, ...dataOptions } },
    plugins: [`backend-${options.backend}`],
  });
  const run = await applyPlugins(config, { project, main: true });
  const backend = await run.resolve('resolveBackend', 'backend');
  const { description } = await backend.start({ workers: 1 });
  const source = await run.resolve('resolveData', 'data');
  return { dataset: await source.open(), backend: description };
}

interface Undertaking {
  readonly options: TrainCommandOptions;
  readonly first: FirstWeights;
  readonly dataset: Dataset;
}

async function train(undertaking: Undertaking, tools: CommandTools): Promise<void> {
  const { options, first, dataset } = undertaking;
  const { name, labels } = dataset.description;
  if (labels === false)
    throw dataUnlabelled(
      name,
      'a teacher learns from',
      'Train it on data with labels, or take a trained one.',
    );
  const recipe = recipeOf(options, dataset.description.size);
  const note = noteOf(undertaking);
  const network = createNetwork(options, note);
  try {
    const { params, macs } = network.cost(note.image);
    tools.note(`${params} parameters, ${macs} multiply-adds an image.`);
    if (first.read) {
      adoptWeights(network, first.read);
      tools.note(`It begins with ${options.from} and a new classifier.`);
    }
    await trainToFile({ ...undertaking, network, recipe, note }, tools);
  } finally {
    network.dispose();
  }
}

interface Begun extends Undertaking {
  readonly network: EfficientNet;
  readonly recipe: TrainRecipe;
  readonly note: TeacherNote;
}

async function trainToFile(begun: Begun, tools: CommandTools): Promise<void> {
  const { options, network, dataset, recipe, note } = begun;
  const file = resolve(tools.project, options.out);
  mkdirSync(dirname(file), { recursive: true });
  const training = openTraining(file, begun, tools);
  const told = (epoch: TrainedEpoch) => tools.note(epochText(epoch));
  const { accuracy, bestEpoch } = await trainTeacher(network, dataset, { recipe, file: training, told });
  const { name } = dataset.description;
  const notes = { [NOTE_KEY]: JSON.stringify(note), data: name, accuracy: accuracy.toFixed(4) };
  writeAtomically(nodeFiles, file, writeSafetensors(stateDict(network), notes));
  training.remove();
  const chosen = bestEpoch === undefined ? '' : ` of epoch ${bestEpoch}, the best on the held-out images,`;
  tools.print(`Test accuracy ${accuracy.toFixed(4)}; weights${chosen} in ${options.out}.`);
}

function epochText({ epoch, epochs, loss, heldOut, seconds }: TrainedEpoch): string {
  const parts = [
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(4)}`]),
    ...(heldOut === undefined ? [] : [`held-out accuracy ${heldOut.toFixed(4)}`]),
    `${seconds.toFixed(0)} s`,
  ];
  return `epoch ${epoch}/${epochs}: ${parts.join(', ')}`;
}

/** What the file says of the network, and how its images were made ready where later commands may need to know. */
function noteOf({ first, dataset }: Undertaking): TeacherNote {
  const { image, classes, preprocessing } = dataset.description;
  const { architecture } = first;
  const known = first.preprocessing;
  return {
    ...{ architecture, image, classes },
    ...(known && preprocessing && { preprocessing: { ...known, ...preprocessing, size: image.height } }),
  };
}

function createNetwork({ dropout, dropConnect, seed }: TrainCommandOptions, note: TeacherNote): EfficientNet {
  const { spec } = resolveArchitecture({}, { note });
  const network = new EfficientNet({ ...spec, dropout, dropConnect });
  return network.initialise(randomStream(seed).fork('teacher').fork('initialise'));
}

/** An unfinished training goes on where everything is the same that makes its weights. */
function openTraining(
  file: string,
  { options, dataset, first }: Undertaking,
  { signal }: CommandTools,
): TrainingFile {
  const { out: _, force: __, checkpointSeconds, ...rest } = options;
  const { name, fingerprint, size } = dataset.description;
  const begun = first.read ? { from: first.read.fingerprint } : {};
  const identity = {
    options: { ...rest, ...begun },
    data: { name, fingerprint, size },
  } as unknown as JsonObject;
  return new TrainingFile({ path: `${file}.training`, identity, checkpointSeconds, signal });
}
