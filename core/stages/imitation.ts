import type { Split } from '../contracts/data.js';
import type { FeatureShape } from '../contracts/network.js';
import type { CellChoice } from '../contracts/space.js';
import type { TrainedCell } from './stage.js';

/** One candidate of a block, to be run beside the teacher on some images. */
export interface ImitationRequest {
  readonly trained: TrainedCell;
  readonly path: readonly number[];
  readonly split: Split;
  /** Indices of the images in the split. */
  readonly images: Uint32Array;
}

/** The teacher's and the student's output of a block for some images. */
export interface ImitatedFeatures {
  /** Of one image. */
  readonly shape: FeatureShape;
  /** n × height × width × channels. */
  readonly teacher: Float32Array;
  readonly student: Float32Array;
  /** Relative error over all images together, `mean|Y − Ŷ| / σ(Y)`. */
  readonly error: number;
  /** The same of each image alone. */
  readonly errors: readonly number[];
}

/** An image whose features were compared. */
export interface ComparedImage {
  readonly index: number;
  /** Its file, where the data set knows one. */
  readonly name?: string;
  /** Absent where the data have no labels. */
  readonly label?: number;
  readonly className?: string;
  /** Normalised, height × width × channels. */
  readonly pixels: Float32Array;
}

/** A block of the found architecture beside the teacher's. */
export interface ComparedBlock {
  /** Counted from 0. */
  readonly block: number;
  /** `block 1`. */
  readonly name: string;
  readonly choice: CellChoice;
  readonly features: ImitatedFeatures;
}
