import { resolveConfig } from 'dna-nas/configuration';
import type { ImageReader, ReadImage } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { counted } from 'dna-nas/errors';
import { unknownPreprocessing } from '../errors.js';
import type { NetworkFacts } from '../source/facts.js';

/** Where the data of a network's training have images of one size only. */
const WHOLE = { crop: 1, interpolation: 'bicubic' } as const;

/** A plugin that costs nothing: with one beside the slots, a configuration need not fill all of them. */
const NOT_A_WHOLE_RUN = ['backend-auto'];

/** Pillow's weights of red, green and blue, of 65,536. */
const LUMA = [19595, 38470, 7471] as const;

/**
 * Reads images of any size and makes them what a network takes, as the test images of its run were: resized to
 * `height ÷ crop`, the centre cut out, and normalised. A grey network sees the luma of colours.
 *
 * @throws DnaError `PREDICT_PREPROCESSING` where the facts do not say how
 */
export async function modelImages(facts: NetworkFacts): Promise<ImageReader> {
  const { height, width, channels } = facts;
  if (height !== width)
    throw unknownPreprocessing(`it takes images of ${height}×${width}, which are no squares`);
  if (channels !== 1 && channels !== 3)
    throw unknownPreprocessing(`it takes ${counted(channels, 'channel')}, which no image has`);
  const normalise = normalisationOf(facts);
  const reader = await rawImages(facts);
  return {
    async read(file): Promise<ReadImage> {
      const image = await reader.read(file);
      if ('problem' in image) return image;
      const raw = channels === 1 ? grey(image.pixels) : image.pixels;
      return { pixels: raw.map((value, at) => normalise(value, at % channels)) };
    },
  };
}

/** Reads squares of RGB, from 0 to 1. */
async function rawImages({ height, crop, interpolation, cropMode }: NetworkFacts): Promise<ImageReader> {
  const evaluation = {
    crop: crop ?? WHOLE.crop,
    interpolation: interpolation ?? WHOLE.interpolation,
    ...(cropMode && { cropMode }),
  };
  const config = {
    data: { use: 'imagenet', imageSize: height, evaluation, mean: [0, 0, 0], std: [1, 1, 1] },
  };
  const project = process.cwd();
  const resolved = await resolveConfig({ project, configFile: false, config, plugins: NOT_A_WHOLE_RUN });
  const run = await applyPlugins(resolved, { project, main: false });
  const source = await run.resolve('resolveData', 'data');
  return source.imageReader!();
}

/** A value from 0 to 1 → what the network takes. */
function normalisationOf({ input, mean, std }: NetworkFacts): (value: number, channel: number) => number {
  if (input === 'pixels from 0 to 255') return (value) => Math.round(255 * value);
  if (!mean || !std) throw unknownPreprocessing('nobody knows by what its images are normalised');
  return (value, channel) => (value - mean[channel]!) / std[channel]!;
}

/** RGB from 0 to 1 → one channel of as many bytes, from 0 to 1. Where all three are equal, that value. */
function grey(pixels: Float32Array): Float32Array {
  const [red, green, blue] = LUMA;
  return Float32Array.from({ length: pixels.length / 3 }, (_, at) => {
    const [r, g, b] = [0, 1, 2].map((channel) => Math.round(255 * pixels[3 * at + channel]!));
    return ((red * r! + green * g! + blue * b! + 0x8000) >> 16) / 255;
  });
}
