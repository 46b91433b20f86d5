import type { OptionsSchema } from 'dna-nas/core';
import { AUGMENT_SCHEMA, type AugmentOptions } from 'dna-nas/nn/augment';

import { IMAGE_FORMATS, type ImageFormat, USUAL_FORMATS } from './image-format.js';
import { SHARED_FILES } from './limits.js';

export type Interpolation = 'bilinear' | 'bicubic';

/** How lists of images are read. */
export interface ListOptions {
  /** Column of the files. @default `file_name`, `filename`, `file`, `path`, … */
  readonly file?: string;
  /** Column of the classes. @default `label`, `class`, `category`, … */
  readonly label?: string;
  /** Column of the parts: `train`, `val`, `test`. @default `split`, where there is one */
  readonly split?: string;
  /** Where a file is, relative to the list: `{}` stands for what the column says. @default '{}' */
  readonly files?: string;
}

/** The shorter side is resized to `imageSize ÷ crop`, and the centre is cut out. */
export interface EvaluationOptions {
  readonly crop: number;
  readonly interpolation: Interpolation;
  /** `squash`: both sides are resized to `imageSize ÷ crop`. @default 'center' */
  readonly cropMode?: 'center' | 'squash';
}

export interface DataImagenetOptions {
  /** Folder with `train/` and `val/`, with class folders, tar shards or lists; or a list; relative to the project. */
  readonly path?: string;
  /** TSV file: line number is the label; WordNet id, name. @default the folders' names, sorted */
  readonly classes?: string;
  /** Whether images have labels; without, all images below the folder are taken, whatever it is called. @default true */
  readonly labels: boolean;
  /** How lists (CSV, TSV, JSON lines) and Parquet files are read. @default {} */
  readonly list: ListOptions;
  /** Height and width of the images that are given out. @default 224 */
  readonly imageSize: number;
  /** Training images of each class that become the validation split, drawn by the seed; at most a quarter of it. @default 50 */
  readonly heldOutPerClass: number;
  /** Share of each class that is split off for the test, where the data have no test images. @default 0.2 */
  readonly testShare: number;
  /** Draws them, whatever the run's seed: all runs and teachers keep off the same images. @default 1 */
  readonly testSeed: number;
  readonly trainLimit?: number;
  readonly testLimit?: number;
  /** Random resized crop: share of the area, and width ÷ height. */
  readonly crop: { readonly scale: readonly [number, number]; readonly ratio: readonly [number, number] };
  /** Filter of the random resized crop; `random` draws one of both for each image. @default 'bicubic' */
  readonly interpolation: Interpolation | 'random';
  /** Without augmentation. */
  readonly evaluation: EvaluationOptions;
  /** What is done to training images in the distill stage. */
  readonly augment: AugmentOptions;
  /** What is done to training images in the retrain stage. */
  readonly retrainAugment: AugmentOptions;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Formats that are read, told by a file's first bytes. @default ['jpeg', 'png', 'webp'] */
  readonly formats: readonly ImageFormat[];
  /** Pixels of an image; one with more is damaged. @default 40000000 */
  readonly maxPixels: number;
  /** Bytes of an image's file; one with more is damaged. @default 33554432 */
  readonly maxBytes: number;
  /** Damaged images that are passed over before a run ends with an error. @default 10 */
  readonly corruptLimit: number;
  /** Threads that decode for each worker; 0: the worker decodes itself. @default the cores, shared by the workers */
  readonly threads?: number;
}

const limit = { type: 'integer', minimum: 1 };
const range = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 };
const shares = { ...range, items: { type: 'number', exclusiveMinimum: 0, maximum: 1 } };
const channels = { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 };
const column = { type: 'string', minLength: 1 };
const filters = ['bilinear', 'bicubic'];

export const OPTIONS: OptionsSchema<DataImagenetOptions> = {
  properties: {
    path: {
      type: 'string',
      kind: 'machine',
      description:
        'Folder with train/ and val/ (folders of classes, or tar shards), with the classes itself, with lists or Parquet files; or a list (CSV, TSV, JSON lines) or a Parquet file.',
    },
    classes: {
      type: 'string',
      kind: 'machine',
      description: 'TSV file whose line number is the label: WordNet id, name. Default: the folders, sorted.',
    },
    labels: {
      type: 'boolean',
      default: true,
      description:
        'Whether images have labels; without, all that lie below the folder are taken, and networks learn what the teacher answers.',
    },
    list: {
      type: 'object',
      kind: 'machine',
      additionalProperties: false,
      default: {},
      properties: {
        file: { ...column, description: 'Column of the files. Default: file_name, filename, file, path, …' },
        label: { ...column, description: 'Column of the classes. Default: label, class, category, …' },
        split: {
          ...column,
          description: 'Column of the parts (train, val, test). Default: split, if there is one.',
        },
        files: {
          ...column,
          pattern: '\\{\\}',
          default: '{}',
          description:
            'Where a file is, from the list: {} stands for what the column says, as in images/{}.jpg.',
        },
      },
      description: 'How lists and Parquet files are read: the columns file (or image), label, split; files.',
    },
    imageSize: {
      type: 'integer',
      minimum: 8,
      default: 224,
      description: 'Height and width of the images.',
    },
    heldOutPerClass: {
      type: 'integer',
      minimum: 0,
      default: 50,
      description:
        'Training images of each class that become the validation split, at most a quarter of the class.',
    },
    testShare: {
      type: 'number',
      minimum: 0,
      maximum: 0.5,
      default: 0.2,
      description:
        'Share of each class that is split off for the test where the data have no test images; 0: none.',
    },
    testSeed: {
      type: 'integer',
      minimum: 0,
      default: 1,
      description: "Seed that draws them. It is not the run's, so that no run or teacher is trained on them.",
    },
    trainLimit: { ...limit, description: 'Most training images, evenly of each class: for trials.' },
    testLimit: { ...limit, description: 'Most test images, evenly of each class: for trials.' },
    crop: {
      type: 'object',
      additionalProperties: false,
      properties: {
        scale: { ...shares, description: 'Least and greatest share of the area.', default: [0.08, 1] },
        ratio: { ...range, description: 'Least and greatest width ÷ height.', default: [0.75, 4 / 3] },
      },
      default: { scale: [0.08, 1], ratio: [0.75, 4 / 3] },
      description: 'Random resized crop of training images: scale, ratio.',
    },
    interpolation: {
      enum: [...filters, 'random'],
      default: 'bicubic',
      description: 'Filter of the random resized crop; `random` draws one for each image.',
    },
    evaluation: {
      type: 'object',
      additionalProperties: false,
      properties: {
        crop: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 1,
          default: 0.875,
          description: 'Share of the shorter side that the centre crop keeps.',
        },
        interpolation: { enum: filters, default: 'bicubic', description: 'Filter.' },
        cropMode: {
          enum: ['center', 'squash'],
          description:
            '`center` (the default): the shorter side is resized, `squash`: both sides, to one length; then the crop.',
        },
      },
      default: { crop: 0.875, interpolation: 'bicubic' },
      description:
        "Images without augmentation, as timm's configurations say it: crop, interpolation, cropMode.",
    },
    augment: {
      ...AUGMENT_SCHEMA,
      default: { flip: 0.5 },
      description: 'What is done to training images while cells are trained, after the crop.',
    },
    retrainAugment: {
      ...AUGMENT_SCHEMA,
      default: { flip: 0.5 },
      description: 'What is done to training images while networks are trained from scratch.',
    },
    mean: { ...channels, default: [0.485, 0.456, 0.406], description: 'Mean of each channel, 0 to 1.' },
    std: {
      ...channels,
      items: { type: 'number', exclusiveMinimum: 0 },
      default: [0.229, 0.224, 0.225],
      description: 'Standard deviation of each channel.',
    },
    formats: {
      type: 'array',
      items: { enum: [...IMAGE_FORMATS] },
      minItems: 1,
      uniqueItems: true,
      default: [...USUAL_FORMATS],
      description: "Formats that are read, told by a file's first bytes; one of another format is damaged.",
    },
    maxPixels: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000_000,
      default: 40_000_000,
      description: 'Pixels of an image; one with more is damaged.',
    },
    maxBytes: {
      type: 'integer',
      minimum: 1,
      maximum: SHARED_FILES,
      default: 2 ** 25,
      description: "Bytes of an image's file; one with more is damaged.",
    },
    corruptLimit: {
      type: 'integer',
      minimum: 0,
      default: 10,
      kind: 'machine',
      description: 'Damaged images that are passed over; one more ends the run.',
    },
    threads: {
      type: 'integer',
      minimum: 0,
      kind: 'machine',
      description:
        'Threads that decode for each worker; 0: it decodes itself. Default: the cores, shared out.',
    },
  },
};
