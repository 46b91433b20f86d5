import { type PluginRun, randomStream } from 'dna-nas/core';
import { planNetwork } from 'dna-nas/core/space';
import type {
  DistillStage,
  FoundArchitecture,
  GivenNetwork,
  ImageReads,
  NetworkResult,
  RetrainStage,
  SearchResult,
  Task,
  TaskContext,
  TrainingWorld,
} from 'dna-nas/core/stages';
import { networkResult } from 'dna-nas/run-tools';
import { accuracyName, isAgreement, randomName } from 'dna-nas/run-tools/words';
import { compareNetworks } from './compare-networks.js';
import { cannotScale } from './errors.js';
import { evaluateTeacher } from './evaluate-teacher.js';
import { requireStart, resolveCells, startWords } from './first-weights.js';
import type { RetrainScratchOptions } from './options.js';
import { planTraining, type TrainingPlan } from './plan.js';
import { rehearseTraining } from './rehearse.js';
import { trainNetwork } from './train-network.js';

/** The retrain stage: one task a network, and one that measures the teacher, if there is one. */
export async function retrainStage(run: PluginRun, options: RetrainScratchOptions): Promise<RetrainStage> {
  return stageBehind(run, options, await resolveCells(run, options));
}

/** `distill` is what trains the cells that a training is to start from. */
function stageBehind(
  run: PluginRun,
  options: RetrainScratchOptions,
  distill: DistillStage | undefined,
): RetrainStage {
  return {
    scheduling: 'apart',
    randomNetworks: options.networks.includes('random') ? options.randomNetworks : 1,
    describe: () =>
      run.architectures === undefined
        ? describeSearched(options)
        : `train ${run.architectures.length === 1 ? 'the given network' : 'the given networks, each alone,'} ${startWords(options)}`,
    // The search's choice is not known yet: the dearest cells bound it well enough for the time left.
    estimate: (world) => {
      requireStart(run, options, { world, distill });
      return countNetworks(options) * dearestWork(world, options);
    },
    forecast(world) {
      const plan = planTraining(world, options);
      const count = countNetworks(options);
      return {
        steps: count * plan.steps,
        stepsEach: plan.steps,
        images: imagesOf(world, options, plan),
        macs: this.estimate(world),
        longestTask: dearestWork(world, options),
        activationBytes: FLOAT_BYTES * plan.microBatch * keptMaps(world, options),
      };
    },
    rehearse: (context, seconds) =>
      rehearseTraining({ run, options, context, seconds, architecture: dearestText(context, options) }),
    tasks(world, input) {
      const networks = networksOf(input, options).map((network) => scaled(world, options, network));
      requireStart(run, options, { world, distill, texts: networks.map(({ text }) => text) });
      return [...teacherTask(world), ...networks.map((network) => networkTask(world, options, network))];
    },
    async execute(tasks, context) {
      for (const task of tasks) {
        if (task.id === TEACHER_TASK) await evaluateTeacher(options, task, context);
        else await trainNetwork({ run, options, task, context: drawnFrom(task, context) });
      }
    },
    collect: (_, tasks, store) => tasks.map(({ id }) => networkResult(store.loadResult(id)!.json)),
    compare: compareNetworks,
    conclude: concludeNetworks,
  };
}

const FLOAT_BYTES = 4;
const TEACHER_TASK = 'evaluate-teacher';

function teacherTask({ data, teacherDescription }: TrainingWorld): Task[] {
  // Without labels it would be held against itself.
  if (!teacherDescription || data.labels === false) return [];
  const work = data.size.test * teacherDescription.macs;
  return [{ id: TEACHER_TASK, stage: 'retrain', needs: [], work, input: { name: 'teacher' } }];
}

/** More networks than this are told by their range. */
const MOST_TOLD = 8;

function concludeNetworks(networks: readonly NetworkResult[]): string {
  const percent = (top1: number) => `${(100 * top1).toFixed(2)} %`;
  const what = isAgreement(networks) ? `${accuracyName(networks)}: ` : '';
  if (networks.length <= MOST_TOLD)
    return what + networks.map(({ name, top1 }) => `${name} ${percent(top1)}`).join(', ');
  const all = networks.map(({ top1 }) => top1);
  return `${all.length} trainings, ${percent(Math.min(...all))} to ${percent(Math.max(...all))}`;
}

/** A task with a seed of its own draws everything from that. */
function drawnFrom(
  { input: { seed } }: Task,
  context: TaskContext<TrainingWorld>,
): TaskContext<TrainingWorld> {
  return seed === undefined ? context : { ...context, random: randomStream(Number(seed)) };
}

/** What is to be trained of what a search found, or the networks that were given. */
function networksOf(
  input: SearchResult | readonly GivenNetwork[],
  { networks, randomNetworks }: RetrainScratchOptions,
): readonly GivenNetwork[] {
  if (!('best' in input)) return input;
  const { best, random, randoms = [random] } = input;
  const named = (name: string, { text, costs }: FoundArchitecture) => ({ name, text, costs });
  return networks.flatMap((name) =>
    name === 'found'
      ? [named(name, best)]
      : randoms.slice(0, randomNetworks).map((one, index) => named(randomName(index), one)),
  );
}

/** Networks of a search that are trained, if it gives as many random ones as are asked for. */
function countNetworks({ networks, randomNetworks }: RetrainScratchOptions): number {
  return networks.length + (networks.includes('random') ? randomNetworks - 1 : 0);
}

function describeSearched(options: RetrainScratchOptions): string {
  const { networks, randomNetworks } = options;
  if (randomNetworks === 1) return `train ${networks.join(' and ')} network ${startWords(options)}`;
  const named = networks.map((name) =>
    name === 'random' ? `${randomNetworks} random networks` : 'found network',
  );
  return `train ${named.join(' and ')} ${startWords(options)}`;
}

/** The network at the multipliers that are asked for. @throws DnaError `SPACE_SCALE` */
function scaled(
  { space, data }: TrainingWorld,
  { scale }: RetrainScratchOptions,
  network: GivenNetwork,
): GivenNetwork {
  if (!scale) return network;
  if (!space.scaleText) throw cannotScale(space.name);
  const text = space.scaleText(network.text, scale);
  const { macs, params } = planNetwork(space, text)
    .create({ image: data.image, classes: data.classes })
    .cost(data.image);
  return { ...network, text, costs: { macs, params } };
}

/** What all networks read: in training, and of the test split, which the teacher sees too. */
function imagesOf(world: TrainingWorld, options: RetrainScratchOptions, plan: TrainingPlan): ImageReads {
  const count = countNetworks(options);
  const { test } = world.data.size;
  const trained = count * plan.steps * options.batch;
  const plain = (count * plan.measurements + teacherTask(world).length) * test;
  return options.augment ? { retrain: trained, plain } : { plain: trained + plain };
}

/** Multiply-adds of the training of the dearest network, at the scale that is asked for. */
function dearestWork(world: TrainingWorld, options: RetrainScratchOptions): number {
  const { width, depth } = options.scale ?? { width: 1, depth: 1 };
  return trainingWork(planTraining(world, options), width ** 2 * depth * dearestMacs(world));
}

/** Multiply-adds of a network's training, with those of the teacher that it learns from. */
function trainingWork({ work, steps, teacherWork }: TrainingPlan, macs: number): number {
  return work * macs + steps * teacherWork;
}

function networkTask(
  world: TrainingWorld,
  options: RetrainScratchOptions,
  { name, text, costs, seed }: GivenNetwork,
): Task {
  const work = trainingWork(planTraining(world, options), costs.macs!);
  const input = { name, architecture: text, ...(seed !== undefined && { seed }) };
  return { id: `retrain-${name}`, stage: 'retrain', needs: [], work, input };
}

/** Elements of the maps that a backward pass keeps of one image: of that network, at its scale. */
function keptMaps(world: TrainingWorld, options: RetrainScratchOptions): number {
  const { image, classes } = world.data;
  const network = planNetwork(world.space, dearestText(world, options)).create({ image, classes });
  return network.activations?.(image) ?? 0;
}

/** The network that takes the last operation of the first cell everywhere, at the scale that is asked for. */
function dearestText({ space }: TrainingWorld, { scale }: RetrainScratchOptions): string {
  const architecture = space.blocks.map(({ cells }) => ({
    cell: 0,
    path: cells[0]!.layers.map((operations) => operations.length - 1),
  }));
  const text = space.formatArchitecture(architecture);
  return (scale && space.scaleText?.(text, scale)) ?? text;
}

/** Multiply-adds of the network that takes the last operation of the first cell everywhere: a rough guess. */
function dearestMacs(world: TrainingWorld): number {
  let shape = world.data.image;
  let macs = 0;
  world.space.blocks.forEach((block, index) => {
    const path = block.cells[0]!.layers.map((operations) => operations.length - 1);
    const priced = world.space.priceBlock(index, { cell: 0, path }, shape);
    shape = priced.output;
    macs += priced.costs.macs!;
  });
  return macs + world.space.priceHead(shape, world.data.classes).macs!;
}
