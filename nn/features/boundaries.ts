import type { Block, FeatureShape, Teacher } from 'dna-nas/core/contracts';
import { type Tensor4D, tidy } from '../tensor.js';
import { resizeFeatures } from './resize-features.js';

/** Features of the teacher that one or two blocks share: a stage's output (−1: the image) in the student's size. */
export interface Boundary {
  readonly stage: number;
  readonly shape: FeatureShape;
}

export interface BlockBoundaries {
  /** Each distinct feature map once, by rising stage. */
  readonly boundaries: readonly Boundary[];
  /** For each given block: which boundary is its input, which its target. */
  readonly input: readonly number[];
  readonly target: readonly number[];
}

/** The feature maps that training or rating the given blocks needs. */
export function boundariesOf(blocks: readonly Block[]): BlockBoundaries {
  const boundaries: Boundary[] = [];
  const find = (stage: number, shape: FeatureShape): number =>
    boundaries.findIndex(
      (b) => b.stage === stage && b.shape.height === shape.height && b.shape.width === shape.width,
    );
  for (const { inputStage, input, outputStage, output } of blocks) {
    if (find(inputStage, input) < 0) boundaries.push({ stage: inputStage, shape: input });
    if (find(outputStage, output) < 0) boundaries.push({ stage: outputStage, shape: output });
  }
  boundaries.sort((a, b) => a.stage - b.stage);
  return {
    boundaries,
    input: blocks.map((block) => find(block.inputStage, block.input)),
    target: blocks.map((block) => find(block.outputStage, block.output)),
  };
}

/**
 * One teacher pass for all boundaries. images [n,h,w,c] stay the caller's; returns one tensor a boundary, the
 * caller's to dispose.
 */
export function boundaryFeatures(
  teacher: Teacher,
  boundaries: readonly Boundary[],
  images: Tensor4D,
): Tensor4D[] {
  return tidy(() => {
    const stages = [...new Set(boundaries.map(({ stage }) => stage))]
      .filter((stage) => stage >= 0)
      .sort((a, b) => a - b);
    const input = resizeFeatures(images, teacher.description.input);
    const features = stages.length > 0 ? teacher.features(input, stages) : [];
    return boundaries.map(({ stage, shape }) =>
      resizeFeatures(stage < 0 ? images : features[stages.indexOf(stage)]!, shape),
    );
  });
}
