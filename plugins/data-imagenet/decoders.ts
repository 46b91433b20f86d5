import { decoderMissing } from './errors.js';

/** The part of `@julusian/jpeg-turbo` that is used. */
export interface TurboJpeg {
  readonly FORMAT_RGBX: number;
  decompressSync(image: Buffer, out: Buffer, options: { format: number }): { width: number; height: number };
}

/** The part of an image's header that is used. */
export interface SharpMetadata {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly space?: string;
  readonly channels: number;
  /** `uchar` or `ushort`. */
  readonly depth: string;
  readonly isProgressive?: boolean;
}

/** The part of sharp that is used. */
export interface SharpImage {
  metadata(): Promise<SharpMetadata>;
  removeAlpha(): SharpImage;
  pipelineColourspace(space: string): SharpImage;
  toColourspace(space: string): SharpImage;
  raw(): SharpImage;
  toBuffer(options: { resolveWithObject: true }): Promise<{
    data: Buffer;
    info: { width: number; height: number; channels: number };
  }>;
}

type Sharp = ((bytes: Buffer, options: object) => SharpImage) & {
  cache(on: boolean): void;
  concurrency(threads: number): void;
};

let turbo: Promise<TurboJpeg | undefined> | undefined;

/** libjpeg-turbo, or undefined where its binary does not load. */
export function loadTurbo(): Promise<TurboJpeg | undefined> {
  // Its name is no literal, so that neither the compiler nor a bundler asks for an optional package.
  const name: string = '@julusian/jpeg-turbo';
  turbo ??= import(name).then(
    (loaded: { default: TurboJpeg }) => loaded.default,
    () => undefined,
  );
  return turbo;
}

let sharp: Promise<Sharp> | undefined;

/** sharp, with one thread an image. @throws DnaError `DATA_DECODER_MISSING` */
export async function loadSharp(): Promise<Sharp> {
  const name: string = 'sharp';
  sharp ??= import(name).then(
    ({ default: loaded }: { default: Sharp }) => {
      loaded.cache(false);
      loaded.concurrency(1);
      return loaded;
    },
    (cause: unknown) => {
      throw decoderMissing(cause);
    },
  );
  return sharp;
}

/** What training images are decoded with: their bits depend on it. */
export async function trainingDecoder(): Promise<'libjpeg-turbo' | 'libvips'> {
  return (await loadTurbo()) ? 'libjpeg-turbo' : 'libvips';
}
