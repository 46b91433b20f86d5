import { type RandomStream, streamOfKey } from 'dna-nas/core';
import type { Augmentation, FeatureShape, Split } from 'dna-nas/core/contracts';
import { type Catalogue, imageName, imageNumber, markDamaged } from './catalogue.js';
import { ImageDecoder } from './decode.js';
import { DecodeMemory } from './decode-memory.js';
import { DamagedImage, tooManyDamaged } from './errors.js';
import { FileReader } from './file-reader.js';
import { damageText, recordOf, writeDigest, writeSize } from './inspection.js';
import type { DataImagenetOptions } from './options.js';
import { PixelMemory } from './pixel-memory.js';
import { evaluationView, randomView, type Size, type View } from './view.js';

export type Stage = 'distill' | 'retrain';

/** The augmentations of each stage, after crop and flip. */
export type StageAugmentations = Readonly<Record<Stage, readonly Augmentation[]>>;

/** One batch to read: plain data. */
export interface BatchOrder {
  readonly split: Split;
  readonly indices: Uint32Array;
  readonly stage: Stage;
  /** Key of the batch's stream; without it nothing is drawn. */
  readonly augment?: string;
  /** Looks at the files instead of making images of them; labels then are records of `inspection.ts`. */
  readonly inspect?: true;
}

/** Where a batch goes: shared memory. */
export interface BatchOutput {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** Makes the images of a batch, one a call; a pure function of the order, whoever calls. */
export class ImageProducer {
  readonly #catalogue: Catalogue;
  readonly #options: DataImagenetOptions;
  readonly #augmentations: StageAugmentations;
  readonly #files: FileReader;
  readonly #memory: DecodeMemory;
  readonly #pixels: PixelMemory;
  readonly #decoder: ImageDecoder;
  readonly #shape: FeatureShape;

  constructor(catalogue: Catalogue, options: DataImagenetOptions, augmentations: StageAugmentations) {
    this.#catalogue = catalogue;
    this.#options = options;
    this.#augmentations = augmentations;
    this.#files = new FileReader(catalogue, options);
    this.#shape = catalogue.description.image;
    const { mean, std } = options;
    this.#pixels = new PixelMemory(
      options.imageSize,
      (value, channel) => (value - mean[channel]!) / std[channel]!,
    );
    this.#memory = new DecodeMemory(catalogue.decodeMemory);
    this.#decoder = new ImageDecoder({ pixels: this.#pixels, memory: this.#memory, limits: options });
  }

  /**
   * Image `place` of a batch. A damaged one is passed over for the next of its split; what was found damaged here
   * for the first time is told. Each read tries anew: what another read made of the image must not count.
   * @throws DnaError `DATA_IMAGES_DAMAGED`
   */
  async produce(order: BatchOrder, place: number, output: BatchOutput): Promise<string[]> {
    const { split, indices } = order;
    const { images, labels } = this.#catalogue;
    const problems: string[] = [];
    const size = images[split].length;
    for (let tried = 0; tried < size; tried++) {
      const image = imageNumber(this.#catalogue, split, (indices[place]! + tried) % size);
      try {
        await this.#fill(order, { image, place }, output);
        output.labels[place] = labels[image]!;
        return problems;
      } catch (error) {
        if (!(error instanceof DamagedImage)) throw error;
        problems.push(...this.#passOver(image, error));
      } finally {
        await this.#decoder.finish();
      }
    }
    throw tooManyDamaged(this.#options.corruptLimit, problems);
  }

  /** Writes what the file of image `place` is. What is damaged is told, by its place, and not counted. */
  async inspect({ split, indices }: BatchOrder, place: number, { labels }: BatchOutput): Promise<string[]> {
    const record = recordOf(labels, place);
    try {
      const bytes = this.#files.read(imageNumber(this.#catalogue, split, indices[place]!), this.#memory);
      writeDigest(record, bytes);
      writeSize(record, await this.#decoder.decode(bytes, false));
      return [];
    } catch (error) {
      if (!(error instanceof DamagedImage)) throw error;
      return [damageText(place, error.message)];
    } finally {
      await this.#decoder.finish();
    }
  }

  #passOver(image: number, error: DamagedImage): string[] {
    const name = imageName(this.#catalogue, image);
    if (!markDamaged(this.#catalogue, image)) return [];
    const count = this.#catalogue.damagedCount[0]!;
    const { corruptLimit } = this.#options;
    if (count > corruptLimit) throw tooManyDamaged(corruptLimit, [`${name} (${error.message})`]);
    return [`The image ${name} is damaged and passed over (${error.message}); ${count} so far.`];
  }

  async #fill(
    order: BatchOrder,
    { image, place }: { image: number; place: number },
    output: BatchOutput,
  ): Promise<void> {
    const bytes = this.#files.read(image, this.#memory);
    const { height, width, channels } = this.#shape;
    const floats = height * width * channels;
    const into = output.images.subarray(place * floats, (place + 1) * floats);
    if (order.augment === undefined) {
      const size = await this.#decoder.decode(bytes, true);
      const view = evaluationView(size, width, this.#options.evaluation);
      into.set(this.#pixels.read(view, { flip: false, table: 'normalised' }));
      return;
    }
    const random = streamOfKey(order.augment).fork(place);
    const size = await this.#decoder.decode(bytes, false);
    this.#augment(order.stage, { size, random, into });
  }

  #augment(
    stage: Stage,
    { size, random, into }: { size: Size; random: RandomStream; into: Float32Array },
  ): void {
    const { imageSize, augment, retrainAugment } = this.#options;
    const draws = random.fork('crop');
    const view: View = randomView(size, imageSize, this.#options, draws);
    const flip = draws.uniform() < ((stage === 'distill' ? augment : retrainAugment).flip ?? 0);
    const augmentations = this.#augmentations[stage];
    if (augmentations.length === 0) {
      into.set(this.#pixels.read(view, { flip, table: 'normalised' }));
      return;
    }
    into.set(this.#pixels.read(view, { flip, table: 'raw' }));
    for (const augmentation of augmentations) augmentation.apply(into, this.#shape, random);
    this.#normalise(into);
  }

  #normalise(pixels: Float32Array): void {
    const { mean, std } = this.#options;
    const [r, g, b] = mean;
    const [dr, dg, db] = std;
    for (let at = 0; at < pixels.length; at += 3) {
      pixels[at] = (pixels[at]! - r) / dr;
      pixels[at + 1] = (pixels[at + 1]! - g) / dg;
      pixels[at + 2] = (pixels[at + 2]! - b) / db;
    }
  }

  close(): void {
    this.#files.close();
  }
}
