import type { CellChoice, FeatureShape, Split } from 'dna-nas/core/contracts';

/** Name of the file in the run folder. */
export const FEATURES_FILE = 'features.json';

/** Bytes of an image as base64, height × width × channels. */
export interface StoredImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: string;
}

/** One map of a block beside the student's, as bytes on one scale. */
export interface StoredMaps {
  /** Which channel; null: the mean of all. */
  readonly channel: number | null;
  /** What the bytes 0 and 255 of `teacher` and `student` stand for. */
  readonly low: number;
  readonly high: number;
  /** Base64 of height × width bytes. */
  readonly teacher: string;
  readonly student: string;
  /** Student − teacher: 128 is none, 1 and 255 are half of the scale and more. */
  readonly difference: string;
}

/** What `features.json` holds: the figures, and small pictures of the feature maps. */
export interface FeatureMapsFile {
  readonly split: Split;
  readonly images: readonly {
    readonly index: number;
    readonly name?: string;
    readonly label?: number;
    readonly className?: string;
    readonly picture: StoredImage;
  }[];
  readonly blocks: readonly {
    /** Counted from 0. */
    readonly block: number;
    readonly name: string;
    readonly choice: CellChoice;
    readonly shape: FeatureShape;
    /** Relative error over all images. */
    readonly error: number;
    /** For each image, its own error and its maps. */
    readonly images: readonly { readonly error: number; readonly maps: readonly StoredMaps[] }[];
  }[];
}
