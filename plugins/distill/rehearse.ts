import type { PluginRun } from 'dna-nas/core';
import type { Block, DistillStep, FeatureShape } from 'dna-nas/core/contracts';
import type { Rehearsal, World } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import type { DistillOptions } from './options.js';
import { TRAINING_FACTOR } from './plan.js';
import { singlePathStep } from './single-path-step.js';

interface Request {
  readonly run: PluginRun;
  readonly options: DistillOptions;
  readonly world: World;
  readonly seconds: number;
}

/** One cell with steps that are thrown away. */
interface Trial {
  readonly block: Block;
  /** Multiply-adds of one image in training. */
  readonly macs: number;
  readonly step: DistillStep;
  dispose(): void;
}

/**
 * Optimiser steps of each block's first cell on random features, in micro-batches that grow to the run's own as far as
 * the time allows.
 */
export async function rehearseDistillation(request: Request): Promise<Rehearsal> {
  const { world, seconds } = request;
  const total = { macs: 0, seconds: 0 };
  for (const block of world.blocks) {
    const trial = await openTrial(request, block);
    try {
      const measured = await measure(request, trial, seconds / world.blocks.length);
      total.macs += measured.macs;
      total.seconds += measured.seconds;
    } finally {
      trial.dispose();
    }
  }
  return total;
}

async function openTrial({ run, world }: Request, block: Block): Promise<Trial> {
  const random = world.random.fork('rehearse', block.index);
  const cell = world.supernet.createCell({ space: world.space, block, cell: 0 });
  cell.initialise(random.fork('initialise'));
  const createOptimiser = await run.resolve('resolveOptimiser', 'distill.optimiser');
  const optimiser = createOptimiser();
  const step = singlePathStep({
    cell,
    optimiser,
    random,
    loss: await run.resolve('resolveLoss', 'distill.loss'),
    sampler: await run.resolve('resolveSampler', 'supernet.sampler'),
    learningRate: () => 0,
    pathsPerStep: 1,
  });
  const dispose = () => {
    cell.dispose();
    optimiser.dispose();
    step.dispose?.();
  };
  return { block, macs: TRAINING_FACTOR * cell.meanMacs(), step, dispose };
}

/** The last micro-batch that was tried counts; the first step, which sets the backend up, never does. */
async function measure({ options }: Request, trial: Trial, budget: number): Promise<Rehearsal> {
  const most = options.batch / options.pathsPerStep;
  await timeStep(trial, 1, 0);
  let images = 1;
  let left = budget;
  for (let number = 1; ; number++) {
    const spent = await timeStep(trial, images, number);
    left -= spent;
    const next = Math.min(2 * images, most);
    if (next === images || left < 2 * spent) return { macs: trial.macs * images, seconds: spent };
    images = next;
  }
}

async function timeStep({ block, step }: Trial, images: number, number: number): Promise<number> {
  const features = { input: randomMap(block.input, images), target: randomMap(block.output, images) };
  const began = performance.now();
  await step(features, number);
  const spent = (performance.now() - began) / 1000;
  tf.dispose([features.input, features.target]);
  return spent;
}

function randomMap({ height, width, channels }: FeatureShape, images: number): tf.Tensor4D {
  return tf.randomNormal([images, height, width, channels], 0, 1, 'float32', 1);
}
