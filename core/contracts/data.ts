import type { RandomStream } from '../random.js';
import type { FeatureShape } from './network.js';
import type { Preprocessing } from './teacher.js';

/** `train` is what remains of the training set after `validation` was held out of it for rating. */
export type Split = 'train' | 'validation' | 'test';

/** What is done to an image that is not augmented; filter and crop where images come in any size. */
export type DataPreprocessing = Pick<Preprocessing, 'mean' | 'std'> &
  Partial<Pick<Preprocessing, 'interpolation' | 'crop' | 'cropMode'>>;

export interface DataDescription {
  readonly name: string;
  readonly image: FeatureShape;
  readonly classes: number;
  /** False: images have no labels, and `classes` are the teacher's; 0 where no teacher and no list tells them. */
  readonly labels?: false;
  readonly classNames?: readonly string[];
  /** Images in each split. */
  readonly size: Readonly<Record<Split, number>>;
  /** Where the test images are from, where the data have none of their own; `held-out`: split off for nothing else. */
  readonly testFrom?: 'validation' | 'train' | 'held-out';
  /** How images are made ready, so that whoever ships a network can do the same. Absent: nobody can tell. */
  readonly preprocessing?: DataPreprocessing;
  /** SHA-256 of the data's manifest: the identity that a resumed run must find again. */
  readonly fingerprint: string;
}

/** What networks are counted on. */
export type Counting = Pick<DataDescription, 'image' | 'classes'>;

export interface Batch {
  /** Normalised pixels, n × height × width × channels, NHWC. */
  readonly images: Float32Array;
  /** Class of each image; zeros where the data have no labels. */
  readonly labels: Int32Array;
}

export interface ReadOptions {
  /** With it, image i of the batch is augmented by a stream forked from it by i; without it nothing is drawn. */
  readonly augment?: RandomStream;
  /** For which training it is augmented, where a data set knows one list a stage. @default 'distill' */
  readonly stage?: 'distill' | 'retrain';
  /** Told what a user should know about the images: one that is damaged and was passed over. */
  noticed?(text: string): void;
}

/** What the file of an image holds. */
export interface InspectedImage {
  /** Of its content: equal images have equal ones, and others others. Empty where it cannot be read. */
  readonly digest: string;
  readonly label: number;
  /** Pixels of the file; 0 where it cannot be told. */
  readonly height: number;
  readonly width: number;
  /** Why it cannot be made an image. */
  readonly damage?: string;
}

/** A data set that is open in this thread. */
export interface Dataset {
  readonly description: DataDescription;
  /** What another thread needs to open it without reading it again (structured clone; shared memory inside). */
  shared(): unknown;
  /** Reads images of a split by index, in the given order. */
  read(split: Split, indices: ArrayLike<number>, options?: ReadOptions): Batch | Promise<Batch>;
  /**
   * Begins to read what a later `read` with equal arguments will ask for, and returns at once. It changes no bit of
   * what is read. Absent where reading takes no time.
   */
  prefetch?(split: Split, indices: ArrayLike<number>, options?: ReadOptions): void;
  /** File of an image of a split, relative to the data's folder; absent where images have none. */
  name?(split: Split, index: number): string;
  /** Looks at the files of some images, each once. Absent where images have none: `read` tells all there is. */
  inspect?(split: Split, indices: ArrayLike<number>): Promise<readonly InspectedImage[]>;
  close(): void | Promise<void>;
}

/** What became of one image: its normalised pixels, height × width × channels, or why it cannot be read. */
export type ReadImage = { readonly pixels: Float32Array } | { readonly problem: string };

/** Reads images of any files, one after the other, as images that are not augmented are read. */
export interface ImageReader {
  read(file: string): Promise<ReadImage>;
}

/** Answer of a data plugin. */
export interface DataSource {
  /** Reads images that are none of the data set's, by the options alone. Absent where images are no files. */
  imageReader?(): ImageReader;
  /**
   * What the data set is by its options alone, without looking at its files (`fingerprint` empty): for forecasts where
   * it is not at hand. Undefined if the options do not tell.
   */
  outline?(): DataDescription | undefined;
  /** `shared` is another thread's `Dataset.shared()`. */
  open(shared?: unknown): Promise<Dataset>;
}

/** Changes one image in place: `pixels` height × width × channels, raw values from 0 to 1. */
export interface Augmentation {
  readonly name: string;
  apply(pixels: Float32Array, shape: FeatureShape, random: RandomStream): void;
}
