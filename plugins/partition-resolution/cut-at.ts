import type { Block, PartitionRequest } from 'dna-nas/core/contracts';
import { noPartition } from './errors.js';
import { studentShapes } from './student-shapes.js';

/**
 * The blocks that end after the given teacher stages (indices). A block's shapes have the student's resolution and
 * the teacher's channels, so features are resized where the two differ.
 * Throws a `DnaError` unless there is one cut a block, each after a later stage of the teacher.
 */
export function cutAt(request: PartitionRequest, cuts: readonly number[]): Block[] {
  requireCuts(request, cuts);
  const shapes = studentShapes(request);
  const outputs = cuts.map((stage, index) => ({
    ...shapes[index]!,
    channels: request.teacher.stages[stage]!.output.channels,
  }));
  return cuts.map((outputStage, index) => ({
    index,
    name: `block ${index + 1}`,
    inputStage: index === 0 ? -1 : cuts[index - 1]!,
    outputStage,
    input: index === 0 ? request.image : outputs[index - 1]!,
    output: outputs[index]!,
  }));
}

function requireCuts(request: PartitionRequest, cuts: readonly number[]): void {
  const shown = cuts.map((stage) => stage + 1).join(', ');
  if (cuts.length !== request.blocks.length) {
    throw noPartition(request, `there are ${cuts.length} cuts (${shown}), one a block is needed`);
  }
  if (cuts.some((stage, index) => index > 0 && stage <= cuts[index - 1]!)) {
    throw noPartition(request, `the cuts ${shown} do not rise`);
  }
  if (cuts.some((stage) => request.teacher.stages[stage] === undefined)) {
    throw noPartition(request, `the cuts ${shown} name stages that it does not have`);
  }
}
