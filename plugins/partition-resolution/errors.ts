import type { PartitionRequest } from 'dna-nas/core/contracts';
import { counted, DnaError } from 'dna-nas/errors';

/** The error of a partition that cannot be made: names the teacher's stages and what the student has. */
export function noPartition(request: PartitionRequest, what: string): DnaError {
  const stages = request.teacher.stages.map(
    ({ name, output }, index) => `${index + 1} ${name} (${output.height}×${output.width})`,
  );
  return new DnaError(
    'PARTITION',
    `The teacher ${request.teacher.name} cannot be cut into ${counted(request.blocks.length, 'block')}: ${what}. ` +
      `Its stages are ${stages.join(', ')}.`,
    'Set partition.cuts to rising stage numbers, one a block, or take a space with fewer blocks or another teacher.',
    { exitCode: 2 },
  );
}
