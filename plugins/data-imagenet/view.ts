import type { RandomStream } from 'dna-nas/core';
import type { DataImagenetOptions, EvaluationOptions, Interpolation } from './options.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/** Which part of an image is seen and how: `region` is resized to `size`, and of that a square is cut at `window`. */
export interface View {
  readonly region: Rectangle;
  readonly size: Size;
  readonly window: { readonly left: number; readonly top: number };
  readonly interpolation: Interpolation;
}

const ATTEMPTS = 10;

/** The image is resized, and the centre cut out, with torchvision's rounding. */
export function evaluationView(
  { width, height }: Size,
  side: number,
  { crop, interpolation, cropMode }: EvaluationOptions,
): View {
  const shorter = Math.floor(side / crop);
  const longer =
    cropMode === 'squash'
      ? shorter
      : Math.trunc((shorter * Math.max(width, height)) / Math.min(width, height));
  const size = width <= height ? { width: shorter, height: longer } : { width: longer, height: shorter };
  const window = { left: roundToEven((size.width - side) / 2), top: roundToEven((size.height - side) / 2) };
  return { region: { left: 0, top: 0, width, height }, size, window, interpolation };
}

/** Random resized crop (Szegedy et al. 2014), with torchvision's rule for images that ten draws do not fit. */
export function randomView(
  image: Size,
  side: number,
  { crop, interpolation }: Pick<DataImagenetOptions, 'crop' | 'interpolation'>,
  random: RandomStream,
): View {
  const region = drawRegion(image, crop, random) ?? centralRegion(image, crop.ratio);
  const drawn = interpolation === 'random' ? FILTERS[random.integer(2)]! : interpolation;
  return { region, size: { width: side, height: side }, window: { left: 0, top: 0 }, interpolation: drawn };
}

const FILTERS = ['bilinear', 'bicubic'] as const;

function drawRegion(
  image: Size,
  { scale, ratio }: DataImagenetOptions['crop'],
  random: RandomStream,
): Rectangle | undefined {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = image.width * image.height * between(...scale);
    const aspect = Math.exp(between(Math.log(ratio[0]), Math.log(ratio[1])));
    const width = roundToEven(Math.sqrt(area * aspect));
    const height = roundToEven(Math.sqrt(area / aspect));
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue;
    const top = random.integer(image.height - height + 1);
    const left = random.integer(image.width - width + 1);
    return { left, top, width, height };
  }
  return undefined;
}

function centralRegion(image: Size, [narrowest, widest]: readonly [number, number]): Rectangle {
  let { width, height } = image;
  if (width / height < narrowest) height = Math.max(1, roundToEven(width / narrowest));
  else if (width / height > widest) width = Math.max(1, roundToEven(height * widest));
  return { left: (image.width - width) >> 1, top: (image.height - height) >> 1, width, height };
}

/** Halves go to the even neighbour, as Python rounds. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
