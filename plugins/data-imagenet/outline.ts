import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataDescription } from 'dna-nas/core/contracts';
import type { DataImagenetOptions } from './options.js';
import { preprocessing } from './preprocessing.js';

/** The images of ImageNet-1k. */
const IMAGENET = { classes: 1000, train: 1_281_167, test: 50_000 };

/** ImageNet, where the folder is not at hand; undefined where it is and may hold anything. */
export function outline(project: string, options: DataImagenetOptions): DataDescription | undefined {
  const { path, imageSize, heldOutPerClass, trainLimit = Number.POSITIVE_INFINITY, testLimit } = options;
  if (path !== undefined && existsSync(resolve(project, path))) return undefined;
  const validation = IMAGENET.classes * heldOutPerClass;
  return {
    name: 'imagenet',
    image: { height: imageSize, width: imageSize, channels: 3 },
    ...(options.labels ? { classes: IMAGENET.classes } : { classes: 0, labels: false }),
    preprocessing: preprocessing(options),
    size: {
      train: Math.min(IMAGENET.train - validation, trainLimit),
      validation: validation || IMAGENET.train,
      test: Math.min(IMAGENET.test, testLimit ?? IMAGENET.test),
    },
    fingerprint: '',
  };
}
