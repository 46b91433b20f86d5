import { type Activation, KERNEL_PREFIX } from 'dna-nas/nn';
import { input, rowsOf, wasmOp } from '../wasm-op.js';
import { activationCode } from './activation-code.js';

interface Attributes {
  readonly epsilon: number;
  readonly activation: Activation;
}

export const batchNormTraining = wasmOp<Attributes>(`${KERNEL_PREFIX}BatchNormTraining`, (call) => {
  const { memory, attributes } = call;
  const x = input(call, 'x');
  const { rows, channels } = rowsOf(x.shape);
  const y = memory.output(x.shape);
  const mean = memory.output([channels]);
  const variance = memory.output([channels]);
  const [xAt, meanAt, varianceAt] = [memory.offset(x), memory.offset(mean), memory.offset(variance)];
  const [scaleAt, offsetAt] = [memory.offset(input(call, 'scale')), memory.offset(input(call, 'offset'))];
  const kind = activationCode(attributes.activation);
  memory.scratch(Math.ceil(channels / 4) * 112, (scratch) => {
    memory.kernels.batchNormStatistics(xAt, rows, channels, meanAt, varianceAt, scratch);
    memory.kernels.batchNormApply(
      ...[xAt, memory.offset(y), rows, channels, scaleAt, offsetAt],
      ...[meanAt, varianceAt, attributes.epsilon, kind, scratch],
    );
  });
  return [y, mean, variance];
});

export const batchNormTrainingGrad = wasmOp<Attributes>(`${KERNEL_PREFIX}BatchNormTrainingGrad`, (call) => {
  const { memory, attributes } = call;
  const x = input(call, 'x');
  const { rows, channels } = rowsOf(x.shape);
  const dx = memory.output(x.shape);
  const dscale = memory.output([channels]);
  const doffset = memory.output([channels]);
  const at = (name: string) => memory.offset(input(call, name));
  const kind = activationCode(attributes.activation);
  memory.scratch(Math.ceil(channels / 4) * 144, (scratch) => {
    memory.kernels.batchNormGrad(
      ...[at('dy'), at('x'), rows, channels, at('scale'), at('offset'), at('mean'), at('variance')],
      ...[
        attributes.epsilon,
        kind,
        memory.offset(dx),
        memory.offset(dscale),
        memory.offset(doffset),
        scratch,
      ],
    );
  });
  return [dx, dscale, doffset];
});
