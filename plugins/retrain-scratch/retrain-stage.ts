import {
  BatchOrder,
  batchTooLarge,
  type FoundArchitecture,
  type NetworkResult,
  type PluginRun,
  type RetrainStage,
  type Task,
  type World,
} from 'dna-nas/core';
import { evaluateTeacher } from './evaluate-teacher.js';
import type { RetrainScratchOptions } from './options.js';
import { trainNetwork } from './train-network.js';

/** Forward and backward cost about three times the forward's multiply-adds. */
const TRAINING_FACTOR = 3;

/** The retrain stage: one task a network, and one that measures the teacher. */
export function retrainStage(run: PluginRun, options: RetrainScratchOptions): RetrainStage {
  return {
    scheduling: 'apart',
    describe: () => `train ${options.networks.join(' and ')} network from scratch`,
    // The search's choice is not known yet: the dearest cells bound it well enough for the time left.
    estimate: (world) => options.networks.length * networkWork(world, options, dearestMacs(world)),
    tasks: (world, { best, random }) => [
      teacherTask(world),
      ...options.networks.map((name) =>
        networkTask(world, options, { name, found: name === 'found' ? best : random }),
      ),
    ],
    async execute(tasks, context) {
      for (const task of tasks) {
        if (task.input.name === 'teacher') await evaluateTeacher(options, task, context);
        else await trainNetwork({ run, options, task, context });
      }
    },
    collect: (_, tasks, store) =>
      tasks.map(({ id }) => {
        const { name, params, macs, top1 } = store.loadResult(id)!.json as unknown as NetworkResult;
        return { name, params, macs, top1 };
      }),
    conclude: (networks) =>
      networks.map(({ name, top1 }) => `${name} ${(100 * top1).toFixed(2)} %`).join(', '),
  };
}

function teacherTask(world: World): Task {
  const work = world.data.size.test * world.teacherDescription.macs;
  return { id: 'evaluate-teacher', stage: 'retrain', needs: [], work, input: { name: 'teacher' } };
}

function networkTask(
  world: World,
  options: RetrainScratchOptions,
  { name, found }: { name: string; found: FoundArchitecture },
): Task {
  const work = networkWork(world, options, found.costs.macs!);
  return {
    id: `retrain-${name}`,
    stage: 'retrain',
    needs: [],
    work,
    input: { name, architecture: found.text },
  };
}

function networkWork(world: World, options: RetrainScratchOptions, macs: number): number {
  const { train } = world.data.size;
  if (options.batch > train)
    throw batchTooLarge('retrain.batch', options.batch, { name: 'training', images: train });
  const { stepsPerEpoch } = new BatchOrder(world.random, train, options.batch);
  const images = Math.round(stepsPerEpoch * options.epochs) * options.batch;
  return macs * (TRAINING_FACTOR * images + world.data.size.test);
}

/** Multiply-adds of the network that takes the first operation of the first cell everywhere: a rough guess. */
function dearestMacs(world: World): number {
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
