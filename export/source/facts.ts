import type { DataPreprocessing, FeatureShape, Network } from 'dna-nas/core/contracts';
import type { PaddingStyle } from 'dna-nas/nn/layers';
import { EfficientNet } from 'dna-nas/nn/networks';

interface MeasuredShares {
  readonly top1: number;
  readonly top5?: number;
  readonly images?: number;
}

/** What whoever uses an exported network must know; also in the model itself. */
export interface NetworkFacts {
  /** In its run: `found`. */
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  /** For one image. */
  readonly multiplyAdds: number;
  /** How its convolutions pad: `same` as TensorFlow, `symmetric` as PyTorch. Absent for other than EfficientNets. */
  readonly padding?: PaddingStyle;
  /** On the test images, as the run has measured it, 0 to 1. */
  readonly accuracy?: MeasuredShares;
  /** The same in the place of an accuracy, where the data have no labels. */
  readonly agreementWithTeacher?: MeasuredShares;
  /** Of the data set. */
  readonly data?: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** What the channels are, in their order; absent where there are neither one nor three. */
  readonly colour?: 'RGB' | 'grey';
  /** What the model's input is, pixels being bytes. */
  readonly input: 'pixels from 0 to 255' | '(pixels / 255 - mean) / std' | 'normalised as in its training';
  /** One a channel, on the scale 0 to 1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Filter with which images were resized. */
  readonly interpolation?: DataPreprocessing['interpolation'];
  /** Share of the resized image's shorter side that the centre crop is. */
  readonly crop?: number;
  /** `squash`: both sides were resized to one length before the crop. */
  readonly cropMode?: DataPreprocessing['cropMode'];
  readonly classes: number;
  /** In the order of the output. */
  readonly classNames?: readonly string[];
  /** Version of dna-nas that wrote the model. */
  readonly version: string;
}

/** The facts as texts by key, as ONNX keeps them: what is no text is JSON. */
export function asMetadata(facts: NetworkFacts): Record<string, string> {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** What a network tells of itself. */
export function networkFacts(
  network: Network,
  image: FeatureShape,
): Pick<NetworkFacts, 'parameters' | 'multiplyAdds' | 'padding'> {
  const { params, macs } = network.cost(image);
  const padding = network instanceof EfficientNet ? { padding: network.spec.padding ?? 'same' } : {};
  return { parameters: params, multiplyAdds: macs, ...padding };
}

const COLOURS: Readonly<Record<number, NetworkFacts['colour']>> = { 1: 'grey', 3: 'RGB' };

export function imageFacts({ height, width, channels }: FeatureShape) {
  const colour = COLOURS[channels];
  return { height, width, channels, ...(colour && { colour }) };
}
