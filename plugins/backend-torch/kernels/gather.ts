import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const gatherV2 = torchKernel<tf.GatherV2Attrs>('GatherV2', ({ inputs, tensor, attributes, ops }) => {
  const x = inputs.x!;
  const [axis] = tf.util.parseAxisParam(attributes.axis, x.shape);
  const { batchDims = 0 } = attributes;
  // Throws where the batch axes do not fit.
  tf.backend_util.segment_util.collectGatherOpShapeInfo(x, inputs.indices!, axis!, batchDims);
  const batchAxes = batchDims < 0 ? batchDims + inputs.indices!.shape.length : batchDims;
  ops.gatherV2(tensor('x'), tensor('indices'), axis!, batchAxes);
});

const gatherNd = torchKernel('GatherNd', ({ inputs, tensor, ops }) => {
  tf.backend_util.prepareAndValidate(inputs.params!, inputs.indices!);
  ops.gatherNd(tensor('params'), tensor('indices'));
});

export const GATHER_KERNELS: readonly TorchKernel[] = [gatherV2, gatherNd];
