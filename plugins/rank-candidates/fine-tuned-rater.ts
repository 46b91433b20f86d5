import type { RandomStream } from 'dna-nas/core';
import type {
  CellSupernet,
  ForwardContext,
  NetworkTensor,
  Rating,
  TeacherRest,
} from 'dna-nas/core/contracts';
import { pathCount, pathOf } from 'dna-nas/core/space';
import type { TaskState } from 'dna-nas/core/stages';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { adam, disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import * as schedules from 'dna-nas/nn/schedules';
import type { KnownBatch } from './feature-bank.js';
import type { RankCandidatesOptions } from './options.js';
import { PathCalibration } from './path-calibration.js';

export interface FineTunedDependencies {
  readonly rating: Rating;
  readonly options: Pick<RankCandidatesOptions, 'fineTuneSteps' | 'fineTuneLearningRate'>;
  /** Numbers of the paths that are rated. */
  readonly paths: readonly number[];
  /** A new copy of what follows the teacher's block. */
  openRest(): TeacherRest;
  readonly random: RandomStream;
  /** Called between two paths, with a rater that can be saved; may throw to end the work. */
  between(): void;
}

/** The images of a rating, the same for every path. */
export interface RatingBatches {
  /** One a step. */
  readonly fineTune: readonly KnownBatch[];
  /** What the cell is given for batch norm's statistics; without any, those of the training stay. */
  readonly calibrate: readonly tf.Tensor4D[];
  readonly rate: readonly KnownBatch[];
}

/**
 * Rates each path of a cell after some steps of training in the place of the teacher's block, in which the layers
 * behind it are trained too, each path from the weights that cell and teacher have. What a network does that is
 * trained with the candidate in it is told better by a little of that training than by the teacher's frozen layers,
 * which know its own features alone.
 */
export class FineTunedRater {
  readonly #cell: CellSupernet;
  readonly #dependencies: FineTunedDependencies;
  /** In the order of `paths`. */
  readonly #ratings: Float32Array;
  #rated = 0;

  constructor(cell: CellSupernet, dependencies: FineTunedDependencies) {
    this.#cell = cell;
    this.#dependencies = dependencies;
    this.#ratings = new Float32Array(dependencies.paths.length);
  }

  /** Paths that are rated. */
  get step(): number {
    return this.#rated;
  }

  /** Rates the paths that are left; `done` is told after each. Answers ratings by path, 0 for those that are not rated. */
  rate(batches: RatingBatches, done: () => void): Float64Array {
    const { choices } = this.#cell;
    const { paths, between } = this.#dependencies;
    while (this.#rated < paths.length) {
      this.#ratings[this.#rated] = this.#ratePath(pathOf(paths[this.#rated]!, choices), batches);
      this.#rated++;
      done();
      between();
    }
    const ratings = new Float64Array(pathCount(choices));
    for (const [index, path] of paths.entries()) ratings[path] = this.#ratings[index]!;
    return ratings;
  }

  /** Everything that going on needs. */
  state(): TaskState {
    const ratings = { shape: [this.#rated], data: this.#ratings.slice(0, this.#rated) };
    return { json: {}, tensors: new Map([['ratings', ratings]]) };
  }

  load({ tensors }: TaskState): void {
    const { data } = tensors.get('ratings')!;
    this.#ratings.set(data);
    this.#rated = data.length;
  }

  #ratePath(path: readonly number[], batches: RatingBatches): number {
    const own = this.#cell.pathTensors(path);
    const kept = new Map([...own].map(([name, { value }]) => [name, tf.clone(value)]));
    const rest = this.#dependencies.openRest();
    try {
      this.#fineTune(path, rest, batches.fineTune);
      this.#calibrate(path, batches.calibrate);
      return this.#mean(path, rest, batches.rate);
    } finally {
      for (const [name, tensor] of own) tensor.assign(kept.get(name)!);
      rest.dispose();
    }
  }

  #fineTune(path: readonly number[], rest: TeacherRest, batches: readonly KnownBatch[]): void {
    const { rating, options, random } = this.#dependencies;
    const parameters = parametersOf({ cell: this.#cell.pathTensors(path), rest: rest.tensors() });
    const rate = schedules.cosine({ rate: options.fineTuneLearningRate, epochs: options.fineTuneSteps });
    const optimiser = adam();
    try {
      for (const [step, { input, answer }] of batches.entries()) {
        const context: ForwardContext = { mode: 'train', random: random.fork(step) };
        const found = gradients(() => {
          const map = this.#cell.forward(input, path, context) as tf.Tensor4D;
          return rating.compute(rest.forward(map, context), answer);
        }, parameters);
        optimiser.step(parameters, found.gradients, rate(step));
        disposeGradients(found);
      }
    } finally {
      optimiser.dispose();
    }
  }

  #calibrate(path: readonly number[], inputs: readonly tf.Tensor4D[]): void {
    const calibration = new PathCalibration(this.#cell, path);
    try {
      for (const input of inputs) calibration.add(input);
      calibration.finish();
    } finally {
      calibration.dispose();
    }
  }

  #mean(path: readonly number[], rest: TeacherRest, batches: readonly KnownBatch[]): number {
    const { rating } = this.#dependencies;
    const context = rating.statistics === 'batch' ? CALIBRATE : EVALUATE;
    const values = batches.map(({ input, answer }) =>
      tf.tidy(() => {
        const map = this.#cell.forward(input, path, EVALUATE) as tf.Tensor4D;
        return rating.compute(rest.forward(map, context), answer).dataSync()[0]!;
      }),
    );
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }
}

function parametersOf(
  tensors: Record<string, ReadonlyMap<string, NetworkTensor>>,
): Map<string, NetworkTensor> {
  return new Map(
    Object.entries(tensors).flatMap(([part, all]) =>
      [...all]
        .filter(([, { role }]) => role === 'parameter')
        .map(([name, tensor]) => [`${part}/${name}`, tensor] as const),
    ),
  );
}
