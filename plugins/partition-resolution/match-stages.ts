import type { PartitionRequest } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';
import { noPartition } from './errors.js';
import { studentShapes } from './student-shapes.js';

/** Outweighs any sum of deviations from an even share. */
const RESOLUTION_WEIGHT = 1e6;

/**
 * The teacher stage (index) after which each block ends: stages of the student's own resolution, or else of the
 * nearest, rising from block to block. Blocks of one resolution share out its stages evenly, and the last of them
 * takes the last stage. For an EfficientNet and its six blocks: after stages 2, 3, 4, 5, 6 and 7, as in the paper.
 * Throws a `DnaError` if the teacher has fewer stages than the space has blocks.
 */
export function matchStages(request: PartitionRequest): number[] {
  const { stages } = request.teacher;
  const students = studentShapes(request).map(({ height }) => height);
  if (stages.length < students.length) {
    throw noPartition(request, `it has only ${counted(stages.length, 'stage')}`);
  }
  const teachers = stages.map(({ output }) => output.height);
  const ideals = evenShares(students, teachers);
  return cheapestRising(students.length, stages.length, (block, stage) => {
    const mismatch = Math.abs(Math.log2(students[block]! / teachers[stage]!));
    return RESOLUTION_WEIGHT * mismatch + Math.abs(stage - ideals[block]!);
  });
}

/** The stage that an even sharing of the nearest resolution's stages gives each block; the last gets the last. */
function evenShares(students: readonly number[], teachers: readonly number[]): number[] {
  return students.map((height, block) => {
    const nearest = teachers.reduce((best, size) =>
      distance(size, height) < distance(best, height) ? size : best,
    );
    const first = teachers.indexOf(nearest);
    const count = teachers.lastIndexOf(nearest) - first + 1;
    const firstBlock = students.indexOf(height);
    const blocks = students.lastIndexOf(height) - firstBlock + 1;
    return first + Math.ceil(((block - firstBlock + 1) * count) / blocks) - 1;
  });
}

function distance(size: number, height: number): number {
  return Math.abs(Math.log2(size / height));
}

/** The rising sequence of stages, one a block, whose costs sum to the least (dynamic program over block and stage). */
function cheapestRising(
  blocks: number,
  stages: number,
  cost: (block: number, stage: number) => number,
): number[] {
  let best: { cost: number; path: number[] }[] = Array.from({ length: stages }, (_, stage) => ({
    cost: cost(0, stage),
    path: [stage],
  }));
  for (let block = 1; block < blocks; block++) {
    let before = { cost: Number.POSITIVE_INFINITY, path: [] as number[] };
    best = best.map((_, stage) => {
      const reached = { cost: before.cost + cost(block, stage), path: [...before.path, stage] };
      if (best[stage]!.cost < before.cost) before = best[stage]!;
      return reached;
    });
  }
  return best.reduce((least, other) => (other.cost < least.cost ? other : least)).path;
}
