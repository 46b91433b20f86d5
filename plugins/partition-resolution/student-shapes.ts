import type { PartitionRequest } from 'dna-nas/core/contracts';

/** Height and width of the student after each block: the image divided by the strides so far, rounded up. */
export function studentShapes(request: PartitionRequest): { height: number; width: number }[] {
  let { height, width } = request.image;
  return request.blocks.map(({ stride }) => {
    height = Math.ceil(height / stride);
    width = Math.ceil(width / stride);
    return { height, width };
  });
}
