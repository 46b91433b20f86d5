import type { Dataset } from 'dna-nas/core/contracts';
import type { OnnxSession } from '../predict/onnxruntime.js';
import type { ModelRunner } from './model-runner.js';

/** What a model does on the test images. */
export interface MeasuredModel {
  /** 0 to 1. */
  readonly top1: number;
  /** Of one image, one thread: the median. */
  readonly milliseconds: number;
  readonly bytes: number;
}

const BATCH = 100;
const RUNS = 100;
const WARM_UP = 10;

/** Measures models on the test split, and times them in turns. */
export async function compareModels(
  models: readonly Uint8Array[],
  { runner, dataset }: { readonly runner: ModelRunner; readonly dataset: Dataset },
): Promise<MeasuredModel[]> {
  const sessions = await Promise.all(models.map((model) => runner.load(model)));
  const right = await countRight(sessions, { runner, dataset });
  const times = await timeInTurns(sessions, runner);
  await Promise.all(sessions.map((session) => session.release()));
  const images = dataset.description.size.test;
  return models.map(({ length }, at) => ({
    ...{ top1: right[at]! / images, milliseconds: times[at]!, bytes: length },
  }));
}

async function countRight(
  sessions: readonly OnnxSession[],
  { runner, dataset }: { readonly runner: ModelRunner; readonly dataset: Dataset },
): Promise<number[]> {
  const { size, classes } = dataset.description;
  const right = sessions.map(() => 0);
  for (let first = 0; first < size.test; first += BATCH) {
    const count = Math.min(BATCH, size.test - first);
    const { input, labels } = await runner.read(
      'test',
      Uint32Array.from({ length: count }, (_, at) => first + at),
    );
    for (const [at, session] of sessions.entries()) {
      const { logits } = await session.run({ input });
      right[at]! += labels.filter((label, image) => likeliest(logits!.data, image, classes) === label).length;
    }
  }
  return right;
}

function likeliest(logits: Float32Array, image: number, classes: number): number {
  const row = logits.subarray(image * classes, (image + 1) * classes);
  return row.indexOf(row.reduce((most, value) => Math.max(most, value)));
}

async function timeInTurns(sessions: readonly OnnxSession[], runner: ModelRunner): Promise<number[]> {
  const { input } = await runner.read('test', [0]);
  const times = sessions.map((): number[] => []);
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    for (const [at, session] of sessions.entries()) {
      const began = performance.now();
      await session.run({ input });
      if (run >= WARM_UP) times[at]!.push(performance.now() - began);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[all.length >> 1]!);
}
