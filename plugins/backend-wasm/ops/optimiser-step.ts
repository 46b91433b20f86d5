import { KERNEL_PREFIX, type KernelName, type OptimiserStepAttributes, type tf } from 'dna-nas/nn';
import { type OpCall, sizeOf, type WasmOp, wasmOp } from '../wasm-op.js';

/** What an optimiser's kernel needs for parameter `index`; offsets in the order of the contract's lists. */
interface ParameterStep<Attributes> {
  readonly call: OpCall<Attributes>;
  readonly index: number;
  /** Parameter, gradient, slots; then the new parameter and slots. */
  readonly offsets: readonly number[];
  readonly size: number;
}

/**
 * A multi-tensor optimiser step with `slots` slots a parameter: makes every parameter's outputs and runs one kernel on
 * each. Inputs are taken by their order: parameter, gradient, slots, next parameter.
 */
export function optimiserStep<Attributes extends OptimiserStepAttributes>(
  name: KernelName,
  slots: number,
  run: (step: ParameterStep<Attributes>) => void,
): WasmOp {
  return wasmOp<Attributes>(KERNEL_PREFIX + name, (call) => {
    const outputs: tf.TensorInfo[] = [];
    const all = Object.values(call.inputs);
    requireLength(name, all.length, call.attributes.count * (2 + slots));
    for (let index = 0; index < call.attributes.count; index++) {
      const inputs = all.slice(index * (2 + slots), (index + 1) * (2 + slots));
      const { shape } = inputs[0]!;
      const fresh = Array.from({ length: 1 + slots }, () => call.memory.output(shape));
      const offsets = [...inputs, ...fresh].map((tensor) => call.memory.offset(tensor));
      run({ call, index, offsets, size: sizeOf(shape) });
      outputs.push(...fresh);
    }
    return outputs;
  });
}

function requireLength(name: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new Error(`${name} was given ${found} tensors; its attribute "count" wants ${expected}.`);
}
