import type { tf } from 'dna-nas/nn';
import type { KernelAttributes } from 'dna-nas/nn/kernels';
import { type OpCall, sizeOf } from '../wasm-op.js';

type StepCall = OpCall<readonly tf.TensorInfo[], Pick<KernelAttributes<'SgdStep'>, 'count' | 'weightDecay'>>;

/** Byte offsets: parameter, gradient, slots; then the new parameter and slots. */
interface StepOffsets {
  readonly 1: readonly [number, number, number, number, number];
  readonly 2: readonly [...StepOffsets[1], number, number];
}

/** What an optimiser's kernel needs for parameter `index`. */
interface ParameterStep<Slots extends 1 | 2> {
  readonly index: number;
  readonly offsets: StepOffsets[Slots];
  readonly size: number;
  readonly weightDecay: number;
}

/**
 * A multi-tensor optimiser step with `slots` slots a parameter: makes every parameter's outputs and runs one kernel on
 * each. Inputs are taken by their order: parameter, gradient, slots, next parameter.
 */
export function stepEach<Slots extends 1 | 2>(
  { inputs, attributes: { count, weightDecay }, memory }: StepCall,
  slots: Slots,
  run: (step: ParameterStep<Slots>) => void,
): tf.TensorInfo[] {
  const outputs: tf.TensorInfo[] = [];
  requireLength(inputs.length, count * (2 + slots));
  for (let index = 0; index < count; index++) {
    const given = inputs.slice(index * (2 + slots), (index + 1) * (2 + slots));
    const { shape } = given[0]!;
    const fresh = Array.from({ length: 1 + slots }, () => memory.output(shape));
    const offsets = [...given, ...fresh].map((tensor) => memory.offset(tensor));
    run({
      index,
      offsets: offsets as readonly number[] as StepOffsets[Slots],
      size: sizeOf(shape),
      weightDecay: weightDecay[index] ?? 0,
    });
    outputs.push(...fresh);
  }
  return outputs;
}

function requireLength(found: number, expected: number): void {
  if (found === expected) return;
  throw new Error(`An optimiser's step was given ${found} tensors; its attribute "count" wants ${expected}.`);
}
