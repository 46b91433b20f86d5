import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RandomStream, randomStream } from 'dna-nas/core';
import { DnaError } from 'dna-nas/errors';
import { attempt } from 'dna-nas/files';

/** Where the images lie, below the project. */
const FOLDER = join('.cache', 'dna-nas', 'smoke-images');
const CLASSES = 10;
const IMAGES = { train: 16, val: 4 } as const;

/**
 * A data set as ImageNet lies on a disk, `train/<class>/*.jpg` and `val/<class>/*.jpg`, of 200 images that are drawn
 * here: stripes whose direction and colour are the class, in sizes of photographs. Made once a project; returns its
 * folder, relative to the project.
 */
export async function smokeImages(project: string): Promise<string> {
  const folder = join(project, FOLDER);
  if (existsSync(folder)) return FOLDER;
  const partial = `${folder}.partial-${process.pid}`;
  try {
    await drawImages(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } catch (error) {
    throw error instanceof DnaError ? error : notWritten(folder, error);
  } finally {
    attempt(() => rmSync(partial, { recursive: true, force: true }));
  }
  return FOLDER;
}

/** They are read as a data set is, from files, so that nothing can be done without them. */
function notWritten(folder: string, cause: unknown): DnaError {
  return new DnaError(
    'SMOKE_IMAGES',
    `The images of the smoke run cannot be written into ${folder}: ${cause instanceof Error ? cause.message : cause}.`,
    'Make room there or start in a folder that you may write in, or name images of your own: --set data.path=FOLDER.',
    { cause },
  );
}

async function drawImages(folder: string): Promise<void> {
  const sharp = await loadSharp();
  const random = randomStream(1).fork('smoke-images');
  for (const split of ['train', 'val'] as const) {
    for (let label = 0; label < CLASSES; label++) {
      const place = join(folder, split, `class-${label}`);
      mkdirSync(place, { recursive: true });
      for (let number = 0; number < IMAGES[split]; number++) {
        const { pixels, width, height } = drawImage(label, random.fork(split, label, number));
        const raw = { width, height, channels: 3 } as const;
        await sharp(pixels, { raw })
          .jpeg()
          .toFile(join(place, `${number}.jpg`));
      }
    }
  }
}

/** Stripes with a drawn period and phase, under noise. */
function drawImage(label: number, random: RandomStream) {
  const [width, height] = [160 + random.integer(160), 160 + random.integer(160)];
  const angle = (Math.PI * label) / CLASSES;
  const period = 12 + 24 * random.uniform();
  const phase = 2 * Math.PI * random.uniform();
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const along = (at % width) * Math.cos(angle) + Math.floor(at / width) * Math.sin(angle);
    const wave = Math.sin((2 * Math.PI * along) / period + phase);
    for (let channel = 0; channel < 3; channel++) {
      const colour = 128 + 80 * wave * Math.cos(angle + (2 * Math.PI * channel) / 3);
      pixels[3 * at + channel] = Math.max(
        0,
        Math.min(255, Math.round(colour + 40 * (random.uniform() - 0.5))),
      );
    }
  }
  return { pixels, width, height };
}

interface SharpImage {
  jpeg(): SharpImage;
  toFile(path: string): Promise<unknown>;
}

type Sharp = (pixels: Buffer, options: object) => SharpImage;

async function loadSharp(): Promise<Sharp> {
  // Its name is no literal, as the package is optional.
  const name: string = 'sharp';
  try {
    return ((await import(name)) as { default: Sharp }).default;
  } catch (cause) {
    throw new DnaError(
      'SMOKE_IMAGES',
      'The images of the smoke run cannot be written: the npm package sharp is not installed here.',
      'Install it (npm install sharp), or name images of your own: --set data.path=FOLDER.',
      { cause },
    );
  }
}
