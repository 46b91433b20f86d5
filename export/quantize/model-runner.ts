import type { Dataset, FeatureShape, Split } from 'dna-nas/core/contracts';
import { type LoadedRuntime, loadOnnxRuntime, type OnnxSession } from '../predict/onnxruntime.js';

/** How images are given to a model. */
export interface ModelInput {
  readonly image: FeatureShape;
  /** Brings normalised values back to pixels, for a model that normalises itself. */
  readonly pixels?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** Runs models on images of a data set by the project's onnxruntime. */
export class ModelRunner {
  readonly #loaded: LoadedRuntime;
  readonly #dataset: Dataset;
  readonly #input: ModelInput;

  private constructor(loaded: LoadedRuntime, dataset: Dataset, input: ModelInput) {
    this.#loaded = loaded;
    this.#dataset = dataset;
    this.#input = input;
  }

  /** @throws DnaError `PREDICT_RUNTIME` */
  static async open(project: string, dataset: Dataset, input: ModelInput): Promise<ModelRunner> {
    const otherwise = 'export the network in float32, without --quantize';
    return new ModelRunner(await loadOnnxRuntime(project, { threads: 1, otherwise }), dataset, input);
  }

  /** For people: `onnxruntime-node 1.30.0`. */
  get runtime(): string {
    return `${this.#loaded.name} ${this.#loaded.version}`;
  }

  /** With one thread, so that times of two models can be compared. */
  load(model: Uint8Array): Promise<OnnxSession> {
    return this.#loaded.runtime.InferenceSession.create(model, { intraOpNumThreads: 1 });
  }

  /** Images of a split as the model takes them, with their labels. */
  async read(split: Split, indices: ArrayLike<number>) {
    const { images, labels } = await this.#dataset.read(split, indices);
    const { height, width, channels } = this.#input.image;
    const shape = [labels.length, channels, height, width];
    const data = this.#channelsFirst(images);
    return { input: new this.#loaded.runtime.Tensor('float32', data, shape), labels };
  }

  #channelsFirst(images: Float32Array): Float32Array {
    const { image, pixels } = this.#input;
    const places = image.height * image.width;
    const size = places * image.channels;
    const data = new Float32Array(images.length);
    images.forEach((value, at) => {
      const [first, channel] = [at - (at % size), at % image.channels];
      const place = Math.floor((at % size) / image.channels);
      data[first + channel * places + place] = pixels
        ? Math.round(255 * (value * pixels.std[channel]! + pixels.mean[channel]!))
        : value;
    });
    return data;
  }
}
