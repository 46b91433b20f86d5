import type { PluginRun } from 'dna-nas/core';
import type { CellSupernet } from 'dna-nas/core/contracts';
import type { ImitatedFeatures, ImitationRequest, TaskContext } from 'dna-nas/core/stages';
import { EVALUATE, type tf } from 'dna-nas/nn';
import { relativeError } from 'dna-nas/nn/features';
import { BlockFeatures, type Features } from './block-features.js';
import { openCalibration } from './open-batches.js';
import { openTrained } from './open-trained.js';
import type { RankCandidatesOptions } from './options.js';
import { PathCalibration } from './path-calibration.js';

export interface ImitationDependencies {
  readonly run: PluginRun;
  readonly options: RankCandidatesOptions;
  readonly context: TaskContext;
}

/** Runs one candidate beside the teacher, by the batch-norm statistics that it was rated with. */
export async function imitate(
  dependencies: ImitationDependencies,
  request: ImitationRequest,
): Promise<ImitatedFeatures> {
  const { run, context } = dependencies;
  const { trained, path, split, images } = request;
  const cell = openTrained(trained, context);
  const features = await BlockFeatures.open(run, context, trained);
  try {
    await calibrate(cell, features, { dependencies, path });
    let result: ImitatedFeatures | undefined;
    await features.rate(await context.dataset.read(split, images), (given) => {
      result = compare(cell, path, given);
    });
    return result!;
  } finally {
    features.dispose();
    cell.dispose();
  }
}

async function calibrate(
  cell: CellSupernet,
  features: BlockFeatures,
  { dependencies, path }: { dependencies: ImitationDependencies; path: readonly number[] },
): Promise<void> {
  const { options, context } = dependencies;
  const batches = openCalibration(context, options);
  const calibration = new PathCalibration(cell, path);
  for (let index = 0; index < options.calibrationBatches; index++)
    await features.calibrate(await batches.take(index), ({ input }) => calibration.add(input));
  calibration.finish();
}

function compare(cell: CellSupernet, path: readonly number[], { input, target }: Features): ImitatedFeatures {
  const output = cell.forward(input, path, EVALUATE) as tf.Tensor4D;
  const student = output.dataSync() as Float32Array;
  output.dispose();
  const teacher = target.dataSync() as Float32Array;
  const [count, height, width, channels] = target.shape;
  const size = height * width * channels;
  const errors = Array.from({ length: count }, (_, image) => {
    const [from, to] = [image * size, (image + 1) * size];
    return relativeError(student.subarray(from, to), teacher.subarray(from, to));
  });
  const shape = { height, width, channels };
  return { shape, teacher, student, error: relativeError(student, teacher), errors };
}
