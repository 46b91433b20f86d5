import { join } from 'node:path';

/** Where `dna data get cifar10` puts the images, below the project, and where they are read from without `path`. */
export const KEPT_FOLDER = join('.cache', 'dna-nas', 'cifar10');
