import type { ImageReader, ReadImage } from 'dna-nas/core/contracts';
import { ImageDecoder } from './decode.js';
import { DecodeMemory, sharedDecodeMemory } from './decode-memory.js';
import { DamagedImage } from './errors.js';
import { readFile } from './file-reader.js';
import type { DataImagenetOptions } from './options.js';
import { PixelMemory } from './pixel-memory.js';
import { evaluationView } from './view.js';

/** Reads images of any files to the bits that evaluation has. */
export function imageReader(options: DataImagenetOptions): ImageReader {
  const { imageSize, evaluation, mean, std } = options;
  const pixels = new PixelMemory(imageSize, (value, channel) => (value - mean[channel]!) / std[channel]!);
  const memory = new DecodeMemory(sharedDecodeMemory());
  const decoder = new ImageDecoder({ pixels, memory, limits: options });
  const decode = async (file: string): Promise<Float32Array> => {
    const size = await decoder.decode(readFile(file, options, memory), true);
    const view = evaluationView(size, imageSize, evaluation);
    return pixels.read(view, { flip: false, table: 'normalised' }).slice();
  };
  return {
    async read(file): Promise<ReadImage> {
      try {
        return { pixels: await decode(file) };
      } catch (error) {
        return { problem: problemOf(error) };
      } finally {
        await decoder.finish();
      }
    },
  };
}

/** What is wrong with the image; an error that says nothing of it goes on. */
function problemOf(error: unknown): string {
  const isOfFile = error instanceof DamagedImage || (error as NodeJS.ErrnoException).syscall !== undefined;
  if (isOfFile) return (error as Error).message;
  throw error;
}
