import type { Block, CellSupernet, FeatureShape } from 'dna-nas/core/contracts';
import type { Rehearsal } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import { CellRater } from './cell-rater.js';
import { type WorkPlace, walkWork } from './rating-work.js';

/** Units of a walk that set the backend up, and are not counted. */
const WARM_UP = 3;

/** Ends a walk whose time is over. */
class Enough extends Error {}

/**
 * Walks over the candidates of each block's first cell on a batch of random features, as a calibration and as a rating,
 * each as far as the time allows. What is told is a whole rating at the speed of these walks, without the teacher.
 */
export async function rehearseRating(place: WorkPlace, seconds: number): Promise<Rehearsal> {
  const { options, world } = place;
  const total = { macs: 0, seconds: 0 };
  for (const block of world.blocks) {
    const cell = world.supernet.createCell({ space: world.space, block, cell: 0 });
    cell.initialise(world.random.fork('rehearse', 'rank', block.index));
    const budget = seconds / world.blocks.length / 2;
    try {
      const walk = { place, block, cell, budget };
      total.seconds +=
        options.calibrationBatches * timeWalk(walk, (rater, { input }) => rater.calibrate(input));
      total.seconds +=
        options.batches * timeWalk(walk, (rater, { input, target }) => rater.rate(input, target));
      total.macs += (options.calibrationBatches + options.batches) * walkWork(cell, options);
    } finally {
      cell.dispose();
    }
  }
  return total;
}

interface Walk {
  readonly place: WorkPlace;
  readonly block: Block;
  readonly cell: CellSupernet;
  /** Seconds. */
  readonly budget: number;
}

/** Maps of a block. */
interface Features {
  readonly input: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

/** Seconds that a whole walk would take. */
function timeWalk(
  { place: { options, rating }, block, cell, budget }: Walk,
  walk: (rater: CellRater, features: Features) => void,
): number {
  const features = {
    input: randomMap(block.input, options.batch),
    target: randomMap(block.output, options.batch),
  };
  const counted = { from: 0, began: performance.now(), units: 0, seconds: 0 };
  const count = (units: number) => {
    const now = performance.now();
    if (units <= WARM_UP) Object.assign(counted, { from: units, began: now });
    counted.units = units - counted.from;
    counted.seconds = (now - counted.began) / 1000;
    if (counted.seconds > budget) throw new Enough();
  };
  const between = () => count(rater.position.units);
  const rater: CellRater = new CellRater(cell, { rating, options, view: (map) => map, between });
  try {
    walk(rater, features);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  } finally {
    rater.dispose();
    tf.dispose([features.input, features.target]);
  }
  return (counted.seconds / Math.max(1, counted.units)) * rater.units;
}

function randomMap({ height, width, channels }: FeatureShape, images: number): tf.Tensor4D {
  return tf.randomNormal([images, height, width, channels], 0, 1, 'float32', 1);
}
