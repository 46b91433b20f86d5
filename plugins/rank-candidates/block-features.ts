import type { PluginRun } from 'dna-nas/core';
import type { Batch, Block } from 'dna-nas/core/contracts';
import { behindImage } from 'dna-nas/core/space';
import type { CellInput, TaskContext, TrainedCell } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import { type BlockBoundaries, boundariesOf, boundaryFeatures } from 'dna-nas/nn/features';
import { PerImagePass } from 'dna-nas/nn/training';

export interface Features {
  readonly input: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

/** A cell's input and target for some images: the teacher's features, or the student's own where it learned on them. */
export class BlockFeatures {
  readonly #context: TaskContext;
  readonly #own: CellInput | undefined;
  readonly #pass: PerImagePass;
  /** Which of the teacher's features the block is between. */
  readonly #between: BlockBoundaries;

  private constructor(context: TaskContext, block: Block, own: CellInput | undefined) {
    this.#context = context;
    this.#own = own;
    this.#between = boundariesOf([block]);
    this.#pass = new PerImagePass({ what: 'The teacher', noticed: context.events.noticed });
  }

  static async open(run: PluginRun, context: TaskContext, trained: TrainedCell): Promise<BlockFeatures> {
    const block = context.blocks[trained.block]!;
    if (!trained.earlier) return new BlockFeatures(context, block, undefined);
    const distill = await run.resolve('resolveDistill', 'distill');
    const own = await distill.openInput!(trained, context);
    return new BlockFeatures(context, behindImage(block, context.data.image), own);
  }

  /** Whether the statistics of a calibration are kept here too. */
  get calibrates(): boolean {
    return this.#own !== undefined;
  }

  /** Computes the features, the student's by the batch's own statistics, for `use`; disposed after it. */
  calibrate(batch: Batch, use: (features: Features) => void): Promise<void> {
    return this.#with(batch, use, (own, input) => own.calibrate(input));
  }

  /** The same by the statistics of the calibration. */
  rate(batch: Batch, use: (features: Features) => void): Promise<void> {
    return this.#with(batch, use, (own, input) => this.#pass.run(input, (some) => [own.forward(some)])[0]!);
  }

  dispose(): void {
    this.#own?.dispose();
  }

  async #with(
    { images, labels }: Batch,
    use: (features: Features) => void,
    run: (own: CellInput, images: tf.Tensor4D) => tf.Tensor4D,
  ): Promise<void> {
    const { height, width, channels } = this.#context.data.image;
    const { input, target } = this.#between;
    const pixels = tf.tensor4d(images, [labels.length, height, width, channels]);
    const held: tf.Tensor4D[] = [pixels];
    try {
      const features = await this.#teacherFeatures(pixels);
      held.push(...features);
      const given = features[input[0]!]!;
      const own = this.#own && run(this.#own, given);
      if (own) held.push(own);
      use({ input: own ?? given, target: features[target[0]!]! });
    } finally {
      tf.dispose(held);
    }
  }

  async #teacherFeatures(pixels: tf.Tensor4D): Promise<tf.Tensor4D[]> {
    const { boundaries } = this.#between;
    const teacher = await this.#context.teacher();
    const features = (images: tf.Tensor4D) => boundaryFeatures(teacher, boundaries, images);
    // By statistics of the batch an image's features depend on those beside it.
    return teacher.statistics === 'batch' ? features(pixels) : this.#pass.run(pixels, features);
  }
}
