import type { RandomStream } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';
import type { Normalisation } from '../images/image-memory.js';
import { IMAGENET_NORMALISATION } from '../images/imagenet-normalisation.js';
import { ByteImage, IMAGE_OPERATIONS, type Interpolation } from './eight-bit/index.js';
import { LEVELS, type LevelName, MOST_LEVEL } from './levels.js';

/** What RandAugment and AutoAugment have in common. */
export interface PolicyOptions {
  /** Standard deviation of the magnitude, drawn for each operation. */
  readonly deviation?: number;
  /** How rotated, sheared and shifted images are read between pixels; `random` draws one of the two. @default 'random' */
  readonly interpolation?: Interpolation | 'random';
}

export interface PolicyRunnerOptions extends Required<PolicyOptions> {
  /** Magnitudes are cut off there. */
  readonly mostMagnitude?: number;
  /** The data's; its mean colour fills what comes in from outside. */
  readonly normalisation?: Normalisation | undefined;
}

/** One operation of a policy. */
export interface PolicyStep {
  readonly name: LevelName;
  readonly probability: number;
  readonly magnitude: number;
}

/** Applies steps of a policy to images of raw values, by way of bytes. One a thread: its buffers serve every image. */
export class PolicyRunner {
  readonly #options: PolicyRunnerOptions;
  #image = new ByteImage({ height: 0, width: 0, channels: 0 });
  #fill: ArrayLike<number> = [];

  constructor(options: PolicyRunnerOptions) {
    if (!(options.deviation >= 0)) {
      throw new RangeError(`A magnitude's deviation of 0 or more was expected, not ${options.deviation}.`);
    }
    this.#options = options;
  }

  /** In place; an image for which no step is drawn is left alone, to the bit. */
  apply(
    pixels: Float32Array,
    shape: FeatureShape,
    { steps, random }: { steps: readonly PolicyStep[]; random: RandomStream },
  ): void {
    let read = false;
    for (const step of steps) {
      if (random.uniform() >= step.probability) continue;
      if (!read) this.#read(pixels, shape);
      read = true;
      this.#run(step, random);
    }
    if (read) this.#image.write(pixels);
  }

  #read(pixels: Float32Array, shape: FeatureShape): void {
    if (!this.#image.fits(shape)) {
      this.#image = new ByteImage(shape);
      this.#fill = fillColour(shape.channels, this.#options.normalisation);
    }
    this.#image.read(pixels);
  }

  #run({ name, magnitude }: PolicyStep, random: RandomStream): void {
    const { deviation, interpolation, mostMagnitude = MOST_LEVEL } = this.#options;
    const drawn = deviation === 0 ? magnitude : magnitude + deviation * random.normal();
    const { operation, argument } = LEVELS[name];
    const value = argument(Math.min(mostMagnitude, Math.max(0, drawn)), random);
    IMAGE_OPERATIONS[operation](this.#image, value, {
      interpolation: interpolation === 'random' ? drawInterpolation(random) : interpolation,
      fill: this.#fill,
    });
  }
}

function drawInterpolation(random: RandomStream): Interpolation {
  return random.uniform() < 0.5 ? 'bilinear' : 'bicubic';
}

/** A byte a channel: the data's mean; where it is not known, ImageNet's, or grey for other than three channels. */
function fillColour(channels: number, normalisation: Normalisation | undefined): number[] {
  const known = normalisation ?? (channels === 3 ? IMAGENET_NORMALISATION : undefined);
  return Array.from({ length: channels }, (_, channel) => {
    const mean = known?.mean[channel] ?? 128 / 255;
    return Math.min(255, Math.max(0, Math.round(255 * mean)));
  });
}
