import type { NetworkTensor } from 'dna-nas/core/contracts';
import { BatchNorm, type MBConv } from '../../layers/index.js';
import { CALIBRATE } from '../../module.js';
import { gather, sub, type Tensor } from '../../tensor.js';
import type { SourceIndices } from './cut-tensor.js';
import { Moments } from './moments.js';

/** Shows a layer's input and what it is to put out, batch by batch. */
export type Examples = (add: (input: Tensor, target: Tensor) => void) => Promise<void>;

/**
 * Fits the last convolution of an MBConv and the batch norm behind it to what the layer is to put out, by least
 * squares; a residual is what it need not put out. Of the target, `outputs` names the channel of each output; new
 * outputs stay as they are.
 */
export async function fitProjection(
  module: MBConv,
  outputs: SourceIndices,
  examples: Examples,
): Promise<void> {
  const fitted = outputs.flatMap((taken, place) => (taken < 0 ? [] : [{ taken, place }]));
  const channels = (of: 'taken' | 'place') => fitted.map((one) => one[of]);
  const tensors = module.tensors();
  const weight = tensors.get('conv_pwl.weight')!;
  const [, , inner, width] = weight.shape as [number, number, number, number];
  const moments = new Moments(inner, fitted.length);
  await examples((input, target) => {
    const wanted = gather(target, channels('taken'), -1);
    const left = module.residual ? sub(wanted, gather(input, channels('place'), -1)) : wanted;
    moments.add(module.inner(input, CALIBRATE), left);
  });
  const { weights, variance, mean } = moments.fit();
  const norm = module.children().get('bn3');
  if (!(norm instanceof BatchNorm)) return;
  const change = (tensor: NetworkTensor, set: (values: Float32Array) => void) => {
    const values = new Float32Array(tensor.value.dataSync());
    set(values);
    tensor.set(values);
  };
  change(weight, (values) => {
    fitted.forEach(({ place }, output) => {
      for (let row = 0; row < inner; row++)
        values[row * width + place] = weights[row * fitted.length + output]!;
    });
  });
  change(norm.weight, (values) => {
    fitted.forEach(({ place }, output) => {
      values[place] = Math.sqrt(variance[output]! + norm.epsilon);
    });
  });
  change(norm.bias, (values) => {
    fitted.forEach(({ place }, output) => {
      values[place] = mean[output]!;
    });
  });
}
