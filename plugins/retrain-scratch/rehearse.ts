import type { PluginRun } from 'dna-nas/core';
import type { Batch } from 'dna-nas/core/contracts';
import type { Rehearsal, TrainingWorld } from 'dna-nas/core/stages';
import type { ClassifierTrainer } from 'dna-nas/nn/training';
import { createNetwork, createTrainer } from './create-trainer.js';
import type { RetrainScratchOptions } from './options.js';
import { planTraining } from './plan.js';

/** What a rehearsal trains, and for how long. */
export interface RehearsalRequest {
  readonly run: PluginRun;
  readonly options: RetrainScratchOptions;
  readonly context: TrainingWorld;
  readonly architecture: string;
  readonly seconds: number;
}

/** Passes that set the backend up, and are not counted. */
const WARM_UP = 2;

/** Forward and backward passes of micro-batches of random images, for about so many seconds. */
export async function rehearseTraining(request: RehearsalRequest): Promise<Rehearsal> {
  const { options, context, architecture, seconds } = request;
  const undertaking = { ...request, input: { name: 'rehearsal', architecture } };
  const plan = planTraining(context, options);
  const network = createNetwork(undertaking);
  try {
    const trainer = await createTrainer(undertaking, network, { ...plan, parts: 1 });
    try {
      const passes = countPasses(trainer, randomBatch(context, plan.microBatch), seconds);
      const share = plan.microBatch / options.batch;
      const { macs } = network.cost(context.data.image);
      const stepMacs = plan.stepWork * macs + plan.teacherWork;
      return { ...passes, macs: passes.count * share * stepMacs };
    } finally {
      trainer.dispose();
    }
  } finally {
    network.dispose();
  }
}

function countPasses(
  trainer: ClassifierTrainer,
  batch: Batch,
  budget: number,
): { count: number; seconds: number } {
  for (let pass = 0; pass < WARM_UP; pass++) trainer.train(batch);
  const began = performance.now();
  for (let count = 1; ; count++) {
    trainer.train(batch);
    const seconds = (performance.now() - began) / 1000;
    if (seconds >= budget) return { count, seconds };
  }
}

function randomBatch({ random, data }: TrainingWorld, count: number): Batch {
  const { height, width, channels } = data.image;
  const stream = random.fork('rehearse');
  const images = Float32Array.from({ length: count * height * width * channels }, () => stream.normal());
  const labels = Int32Array.from({ length: count }, (_, index) => index % data.classes);
  return { images, labels };
}
