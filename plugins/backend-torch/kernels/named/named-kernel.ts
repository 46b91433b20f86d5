import {
  type AttributeTypes,
  activationCode,
  KERNEL_PREFIX,
  KERNELS,
  type KernelName,
} from 'dna-nas/nn/kernels';
import { type NamedOp, opName } from '../../native-ops.js';
import type { KernelCall, KernelResult, TorchKernel } from '../../torch-kernel.js';

type Value = number | boolean | readonly number[];

/** Calls the addon's op of a kernel; `values` are the kernel's attributes as the op takes them. */
type Run = (op: NamedOp, call: KernelCall, values: readonly Value[]) => KernelResult;

/**
 * Declares one of our kernels. The addon's op takes inputs and attributes in the order of the kernel's row in
 * `nn/kernels/table.ts`, apart from `count`: it counts its tensors itself.
 * @param run Where the op takes the inputs otherwise than one by one.
 */
export function namedKernel(name: KernelName, run: Run = oneByOne(name)): TorchKernel {
  const { attributes, outputs } = KERNELS[name];
  const keys = attributes.filter((key) => key !== 'count');
  const op = opName(name);
  return {
    name: KERNEL_PREFIX + name,
    list: outputs === 'list' || outputs.length > 1,
    run: (call) => {
      const given = call.attributes as unknown as AttributeTypes;
      const values = keys.map((key) => nativeValue(key, given));
      return run(call.ops[op], call, values);
    },
  };
}

function oneByOne(name: KernelName): Run {
  const inputs = KERNELS[name].inputs as readonly string[];
  return (op, { tensor }, values) => op(...inputs.map((input) => tensor(input)), ...values);
}

function nativeValue(key: keyof AttributeTypes, attributes: AttributeTypes): Value {
  if (key === 'activation') return activationCode(attributes.activation);
  return key === 'rows' ? attributes.rows === 'pixels' : attributes[key];
}
