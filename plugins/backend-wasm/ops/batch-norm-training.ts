import { activationCode } from 'dna-nas/nn/kernels';
import { rowsOf, wasmKernel } from '../wasm-op.js';

export const batchNormTraining = wasmKernel('BatchNormTraining', ({ inputs, attributes, memory }) => {
  const { shape } = inputs.x;
  const { rows, channels } = rowsOf(shape);
  const [y, meanOut, varianceOut] = [
    memory.output(shape),
    memory.output([channels]),
    memory.output([channels]),
  ];
  const [x, mean, variance] = [memory.offset(inputs.x), memory.offset(meanOut), memory.offset(varianceOut)];
  memory.scratch(Math.ceil(channels / 4) * 112, (scratch) => {
    memory.kernels.batchNormStatistics({ x, rows, channels, mean, variance, scratch });
    memory.kernels.batchNormApply({
      x,
      y: memory.offset(y),
      rows,
      channels,
      scale: memory.offset(inputs.scale),
      offset: memory.offset(inputs.offset),
      mean,
      variance,
      epsilon: attributes.epsilon,
      kind: activationCode(attributes.activation),
      scratch,
    });
  });
  return { y, mean: meanOut, variance: varianceOut };
});

export const batchNormTrainingGrad = wasmKernel('BatchNormTrainingGrad', (call) => {
  const { inputs, attributes, memory } = call;
  const { shape } = inputs.x;
  const { rows, channels } = rowsOf(shape);
  const [dx, dscale, doffset] = [memory.output(shape), memory.output([channels]), memory.output([channels])];
  memory.scratch(Math.ceil(channels / 4) * 144, (scratch) => {
    memory.kernels.batchNormGrad({
      dy: memory.offset(inputs.dy),
      x: memory.offset(inputs.x),
      rows,
      channels,
      scale: memory.offset(inputs.scale),
      offset: memory.offset(inputs.offset),
      mean: memory.offset(inputs.mean),
      variance: memory.offset(inputs.variance),
      epsilon: attributes.epsilon,
      kind: activationCode(attributes.activation),
      dx: memory.offset(dx),
      dscale: memory.offset(dscale),
      doffset: memory.offset(doffset),
      scratch,
    });
  });
  return { dx, dscale, doffset };
});
