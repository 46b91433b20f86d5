/** How many test images of a class a network took for another; both by their numbers. */
export type ClassConfusion = readonly [label: number, told: number, images: number];

/**
 * What a network told of the test images of every class: in the result of its training, not in the summary. Of data
 * without labels the teacher's first answer stands for the class.
 */
export interface ClassAnswers {
  /** Their names. */
  readonly classes: readonly string[];
  /** Test images of each. */
  readonly images: readonly number[];
  /** How many of them were right. */
  readonly right: readonly number[];
  /** Most images first; of very many classes the pairs with most images. */
  readonly confused: readonly ClassConfusion[];
}

/** What a network answered to one test image. */
export interface ImageAnswer {
  /** In the test split. */
  readonly index: number;
  /** Its file, where images have some. */
  readonly file?: string;
  /** Names of the classes that it is of and that the network answered. */
  readonly label: string;
  readonly told: string;
  /** What the network gives these classes, 0 to 1. */
  readonly labelProbability: number;
  readonly probability: number;
}
