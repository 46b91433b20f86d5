import type { CellSupernet, ForwardContext, NetworkTensor, Rating } from 'dna-nas/core/contracts';
import { pathCount } from 'dna-nas/core/space';
import type { TaskState } from 'dna-nas/core/stages';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { KeptStatistics, type PerImagePass } from 'dna-nas/nn/training';
import type { View } from './answers.js';
import type { RankCandidatesOptions } from './options.js';
import { type PathNode, PathTree } from './path-tree.js';
import { walkPaths, walkTree } from './walk-paths.js';

export interface RaterDependencies {
  readonly rating: Rating;
  /** What the rating sees of a feature map. */
  readonly view: View;
  readonly options: Pick<RankCandidatesOptions, 'sharePrefixes'>;
  /** How what gives each image its own result is computed: all of a rating but its comparison. */
  readonly pass: PerImagePass;
  /** Called between two nodes, or two paths, with a rater that can be saved; may throw to end the work. */
  between(): void;
}

/** How far a rating has come: whole batches, and the units of the walk over the next. */
export interface RatingPosition {
  readonly calibrated: number;
  readonly rated: number;
  readonly units: number;
}

type Walk = Pick<Parameters<typeof walkTree>[1], 'run' | 'leaf'>;

/**
 * Rates all paths of one cell by walking the tree of their prefixes. A layer's batch-norm statistics depend on its
 * prefix alone, so a node is calibrated once and its statistics are kept by the node; a batch then walks the same
 * tree with them. Without sharing, every path is run whole from the input, with the same result.
 */
export class CellRater {
  readonly #cell: CellSupernet;
  readonly #dependencies: RaterDependencies;
  readonly #tree: PathTree;
  readonly #paths: number;
  /** Rating of each path, by batch. */
  readonly #ratings: Float32Array[] = [];
  /** Batch-norm statistics of each node of the tree of paths, in its order. */
  readonly #statistics = new Map<string, KeptStatistics>();
  #position: RatingPosition = { calibrated: 0, rated: 0, units: 0 };

  constructor(cell: CellSupernet, dependencies: RaterDependencies) {
    this.#cell = cell;
    this.#dependencies = dependencies;
    this.#tree = new PathTree(cell.choices);
    this.#paths = pathCount(cell.choices);
  }

  get position(): RatingPosition {
    return this.#position;
  }

  /** Units of work that are done, over all batches. */
  get step(): number {
    const { calibrated, rated, units } = this.#position;
    return (calibrated + rated) * this.units + units;
  }

  /** Recomputes the batch-norm statistics of every path from one more batch: their mean over all that are given. */
  calibrate(input: tf.Tensor4D): void {
    this.#walk(input, {
      run: (node, x, isFirst) => {
        const y = this.#run(node, x, CALIBRATE);
        if (isFirst) this.#keep(node);
        return y;
      },
      leaf: () => undefined,
    });
    const { calibrated } = this.#position;
    this.#position = { ...this.#position, calibrated: calibrated + 1, units: 0 };
  }

  /** Adds one batch to the rating of every path. */
  rate(input: tf.Tensor4D, target: tf.Tensor4D): void {
    const { rated } = this.#position;
    this.#ratings[rated] ??= new Float32Array(this.#paths);
    const seen = this.#view(target);
    try {
      this.#walk(input, {
        run: (node, x) => {
          // Without a calibration the statistics of the training stay.
          this.#statistics.get(nodeName(node))?.restore(this.#buffers(node));
          return this.#byImage(x, (some) => this.#run(node, some, EVALUATE));
        },
        leaf: (number, y) => {
          this.#ratings[rated]![number] = this.#compare(y, seen);
        },
      });
    } finally {
      if (seen !== target) seen.dispose();
    }
    this.#position = { ...this.#position, rated: rated + 1, units: 0 };
  }

  /** Mean rating of each path over the batches, by the path's number. */
  means(): Float64Array {
    return Float64Array.from({ length: this.#paths }, (_, path) => {
      const sum = this.#ratings.reduce((before, ratings) => before + ratings[path]!, 0);
      return sum / this.#ratings.length;
    });
  }

  /** Everything that going on needs. */
  state(): TaskState {
    const kept = [...this.#statistics.values()];
    const statistics = join(kept.flatMap((one) => one.values()));
    return {
      json: { position: this.#position },
      tensors: new Map([
        ['ratings', { shape: [this.#ratings.length, this.#paths], data: join(this.#ratings) }],
        ['statistics', { shape: [statistics.length], data: statistics }],
        ['batches', { shape: [kept.length], data: Float32Array.from(kept, ({ batches }) => batches) }],
      ]),
    };
  }

  load({ json, tensors }: TaskState): void {
    this.#position = json.position as RatingPosition;
    const ratings = tensors.get('ratings')!.data;
    for (let first = 0; first < ratings.length; first += this.#paths)
      this.#ratings.push(ratings.slice(first, first + this.#paths));
    const { data } = tensors.get('statistics')!;
    const nodes = this.#tree.nodes();
    let first = 0;
    for (const batches of tensors.get('batches')!.data) {
      const node: PathNode = nodes.next().value;
      const values = this.#buffers(node).map(({ shape }) => {
        const size = shape.reduce((product, length) => product * length, 1);
        first += size;
        return { shape, data: data.slice(first - size, first) };
      });
      this.#statistics.set(nodeName(node), KeptStatistics.of(batches, values));
    }
  }

  dispose(): void {
    for (const statistics of this.#statistics.values()) statistics.dispose();
    this.#statistics.clear();
  }

  /** Units of one walk: nodes of the tree, or paths. */
  get units(): number {
    return this.#dependencies.options.sharePrefixes ? this.#tree.size : this.#paths;
  }

  #walk(input: tf.Tensor, { run, leaf }: Walk): void {
    const walk = {
      ...{ tree: this.#tree, done: this.#position.units, run, leaf },
      between: (units: number) => {
        this.#position = { ...this.#position, units };
        this.#dependencies.between();
      },
    };
    if (this.#dependencies.options.sharePrefixes) walkTree(input, walk);
    else walkPaths(input, { ...walk, paths: this.#paths });
  }

  #run({ layer, prefix }: PathNode, x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return layer < 0 ? this.#cell.entrance(x, context) : this.#cell.layer(layer, prefix[layer]!, x, context);
  }

  #compare(y: tf.Tensor, seen: tf.Tensor): number {
    return tf.tidy(() => this.#dependencies.rating.compute(this.#view(y), seen).dataSync()[0]!);
  }

  /** The map itself, or an answer, which by statistics of the batch depends on the images beside it. */
  #view(map: tf.Tensor): tf.Tensor {
    const { rating, view } = this.#dependencies;
    const isWhole = rating.compares !== 'answers' || rating.statistics === 'batch';
    return isWhole ? view(map) : this.#byImage(map, view);
  }

  #byImage(images: tf.Tensor, compute: (images: tf.Tensor) => tf.Tensor): tf.Tensor {
    return this.#dependencies.pass.run(images as tf.Tensor4D, (some) => [compute(some)])[0]!;
  }

  #buffers({ layer, prefix }: PathNode): NetworkTensor[] {
    return [...this.#cell.buffers(layer, prefix[layer] ?? 0).values()];
  }

  #keep(node: PathNode): void {
    const name = nodeName(node);
    const kept = this.#statistics.get(name) ?? new KeptStatistics();
    this.#statistics.set(name, kept);
    kept.add(this.#buffers(node));
  }
}

function nodeName({ layer, prefix }: PathNode): string {
  return `${layer}:${prefix.join()}`;
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let first = 0;
  for (const part of parts) {
    whole.set(part, first);
    first += part.length;
  }
  return whole;
}
