import type { KernelAttributes } from 'dna-nas/nn/kernels';
import type { Constant, Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { activated } from './activations.js';
import { combined } from './arithmetic.js';
import { constantInput, type KernelCall, type Mappings, tracedInput } from './mapping.js';

/** The vectors of a batch norm, one element a channel, in the order in which ONNX takes them. */
interface Norm {
  readonly vectors: readonly [scale: Constant, offset: Constant, mean: Constant, variance: Constant];
  readonly epsilon: number;
}

function normalised(recording: Recording, x: Traced, { vectors, epsilon }: Norm): Traced {
  const value = recording.value(x);
  const tensors = vectors.map((vector) => recording.constant(vector));
  return recording.add('BatchNormalization', [value, ...tensors], {
    shape: x.shape,
    attributes: { epsilon: { float: epsilon } },
  });
}

/** x · scale + shift a channel: as the batch norm that both were computed from, where it is one of the network's. */
function scaleShift(call: KernelCall): Traced {
  const { recording } = call;
  const { activation } = call.attributes as KernelAttributes<'ScaleShift'>;
  const x = tracedInput(call, 'x');
  const { scale, shift } = call.inputs as Record<'scale' | 'shift', Constant>;
  const norm = x.shape.length === 4 ? normOf(recording, scale, shift) : undefined;
  const y = norm
    ? normalised(recording, x, norm)
    : combined(recording, 'Add', [combined(recording, 'Mul', [x, scale]), shift]);
  return activated(recording, y, activation);
}

/** The batch norm whose tensors and no others a scale and a shift come from, and whose values they have. */
function normOf(recording: Recording, scale: Constant, shift: Constant): Norm | undefined {
  const prefix = /^(.*)running_var$/.exec(
    scale.sources.find((name) => name.endsWith('running_var')) ?? '',
  )?.[1];
  const epsilon = prefix === undefined ? undefined : recording.norms.get(prefix);
  if (prefix === undefined || epsilon === undefined) return undefined;
  const named = (name: string) => recording.tensors.get(prefix + name)!;
  const vectors = [named('weight'), named('bias'), named('running_mean'), named('running_var')] as const;
  const [weight, bias, mean, variance] = vectors;
  const agrees = scale.values.every((value, channel) => {
    const factor = weight.values[channel]! / Math.sqrt(variance.values[channel]! + epsilon);
    const offset = bias.values[channel]! - mean.values[channel]! * factor;
    return isClose(value, factor) && isClose(shift.values[channel]!, offset, mean.values[channel]! * factor);
  });
  return agrees ? { vectors, epsilon } : undefined;
}

/** `term` is what was rounded on the way, where that is larger than the result. */
function isClose(value: number, exact: number, term = 0): boolean {
  return Math.abs(value - exact) <= 1e-5 * Math.max(Math.abs(exact), Math.abs(term), 1e-30);
}

function fusedBatchNorm(call: KernelCall): Traced {
  const { varianceEpsilon: epsilon } = call.attributes as { varianceEpsilon: number };
  const [mean, variance] = [constantInput(call, 'mean'), constantInput(call, 'variance')];
  const all = (value: number): Constant => ({ ...mean, values: mean.values.map(() => value), sources: [] });
  const scale = call.inputs.scale ? constantInput(call, 'scale') : all(1);
  const offset = call.inputs.offset ? constantInput(call, 'offset') : all(0);
  return normalised(call.recording, tracedInput(call, 'x'), {
    vectors: [scale, offset, mean, variance],
    epsilon,
  });
}

/** Batch norms by fixed statistics. */
export const normalisation: Mappings = { DnaScaleShift: scaleShift, FusedBatchNorm: fusedBatchNorm };
