import type { Dataset } from 'dna-nas/core/contracts';
import type { ReadKind, TrainingWorld } from 'dna-nas/core/stages';

/** How fast images of one kind come. */
export interface ReadingSpeed {
  /** Images a second, by the threads that one worker has for it. */
  readonly images: number;
  /** Processor seconds of an image. */
  readonly coreSeconds: number;
}

export type ReadingSpeeds = Readonly<Record<ReadKind, ReadingSpeed>>;

const KINDS = ['plain', 'distill', 'retrain'] as const satisfies readonly ReadKind[];
/** Images that are read at once: some for each thread. */
const BATCH = 32;
const MICROSECONDS = 1e6;

/** Whether reading takes time that others could use. */
export function readingTakesTime(dataset: Dataset): boolean {
  return dataset.prefetch !== undefined;
}

/** Reads images drawn from the training split, as a training does, for about so many seconds of each kind. */
export async function measureReading(
  { dataset, random }: Pick<TrainingWorld, 'dataset' | 'random'>,
  seconds: number,
): Promise<ReadingSpeeds> {
  const speeds: [ReadKind, ReadingSpeed][] = [];
  for (const kind of KINDS) {
    const stream = random.fork('plan', kind);
    const request = (batch: number) => {
      const draws = stream.fork(batch);
      const { train } = dataset.description.size;
      const indices = Uint32Array.from({ length: BATCH }, () => draws.integer(train));
      return { indices, options: kind === 'plain' ? {} : { stage: kind, augment: draws.fork('augment') } };
    };
    speeds.push([kind, await timeBatches(dataset, request, seconds)]);
  }
  return Object.fromEntries(speeds) as unknown as ReadingSpeeds;
}

type Request = (batch: number) => {
  readonly indices: Uint32Array;
  readonly options: NonNullable<Parameters<Dataset['read']>[2]>;
};

/** The first batch, for which threads start, does not count. One is read ahead while time is left. */
async function timeBatches(dataset: Dataset, request: Request, seconds: number): Promise<ReadingSpeed> {
  const first = request(0);
  await dataset.read('train', first.indices, first.options);
  const began = performance.now();
  const used = process.cpuUsage();
  const spent = () => (performance.now() - began) / 1000;
  let next = request(1);
  for (let read = 1; ; read++) {
    const reading = dataset.read('train', next.indices, next.options);
    const isLast = spent() >= seconds;
    if (!isLast) {
      next = request(read + 1);
      dataset.prefetch!('train', next.indices, next.options);
    }
    await reading;
    if (!isLast) continue;
    const { user, system } = process.cpuUsage(used);
    const images = read * BATCH;
    return { images: images / spent(), coreSeconds: (user + system) / MICROSECONDS / images };
  }
}
