import { encodePng } from 'dna-nas/files';
import type { SummaryValue } from './event-log.js';
import { HParamsProto } from './schema.js';

export const scalarValue = (value: number): SummaryValue => ({ simple_value: value });

const BUCKETS = 30;

/** Counts in even buckets from the least to the greatest value; values that are not finite are left out. */
export function histogramValue(values: ArrayLike<number>): SummaryValue | undefined {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const extreme = (choose: (a: number, b: number) => number) =>
    finite.reduce((one, other) => choose(one, other));
  const [min, max] = [extreme(Math.min), extreme(Math.max)];
  const width = (max - min || Math.abs(max) || 1) / BUCKETS;
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const value of finite) counts[Math.min(BUCKETS - 1, Math.floor((value - min) / width))]!++;
  const sum = (of: (value: number) => number) => finite.reduce((total, value) => total + of(value), 0);
  return {
    histo: {
      ...{
        min,
        max,
        num: finite.length,
        sum: sum((value) => value),
        sum_squares: sum((value) => value ** 2),
      },
      bucket_limit: counts.map((_, bucket) => min + (bucket + 1) * width),
      bucket: counts,
    },
  };
}

export interface Plane {
  readonly height: number;
  readonly width: number;
  /** Row by row; one value a pixel, or three. */
  readonly values: ArrayLike<number>;
  /** Values of black and white. */
  readonly range: readonly [low: number, high: number];
}

/** A picture as a PNG. */
export function imageValue({ height, width, values, range: [low, high] }: Plane): SummaryValue {
  const scale = high > low ? 255 / (high - low) : 0;
  const pixels = Uint8ClampedArray.from(values, (value) => (value - low) * scale);
  const isRgb = values.length === 3 * height * width;
  const png = encodePng({ height, width, pixels: new Uint8Array(pixels), type: isRgb ? 'rgb' : 'grey' });
  return { image: { height, width, colorspace: isRgb ? 3 : 1, encoded_image_string: png } };
}

/** Of `SessionEndInfo`. */
const STATUS = { success: 1, failure: 2 } as const;

/** Tags of TensorBoard's plugin hparams, each with the message that stands in its metadata. */
export function sessionValues(
  hyperparameters: Readonly<Record<string, string | number | boolean>>,
  {
    metrics,
    seconds,
    ended,
  }: { readonly metrics: readonly string[]; readonly seconds: number; readonly ended: number },
): [tag: string, value: SummaryValue][] {
  const hparams = Object.fromEntries(
    Object.entries(hyperparameters).map(([name, value]) => [name, { [`${kindOf(value)}_value`]: value }]),
  );
  const metric_infos = metrics.map((tag) => ({ name: { tag }, display_name: tag.replace('result/', '') }));
  return [
    ['_hparams_/experiment', { experiment: { metric_infos } }],
    ['_hparams_/session_start_info', { session_start_info: { hparams, start_time_secs: ended - seconds } }],
    ['_hparams_/session_end_info', { session_end_info: { status: STATUS.success, end_time_secs: ended } }],
  ].map(([tag, data]) => [tag as string, hparamsValue(data as object)]);
}

function kindOf(value: string | number | boolean): 'string' | 'number' | 'bool' {
  return typeof value === 'boolean' ? 'bool' : (typeof value as 'string' | 'number');
}

/** A tensor without values, as TensorBoard wants a value beside the metadata. */
const NULL_TENSOR = { dtype: 1, tensor_shape: { dim: [{ size: 0 }] } };

function hparamsValue(data: object): SummaryValue {
  const content = HParamsProto.encode({ version: 0, ...data }).finish();
  return { tensor: NULL_TENSOR, metadata: { plugin_data: { plugin_name: 'hparams', content } } };
}
