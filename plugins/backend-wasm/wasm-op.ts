import type { tf } from 'dna-nas/nn';
import {
  KERNEL_PREFIX,
  KERNELS,
  type KernelAttributes,
  type KernelInputs,
  type KernelName,
  type KernelOutputs,
  kernelInputs,
  outputList,
} from 'dna-nas/nn/kernels';
import type { KernelMemory } from './kernel-memory.js';

/** What an op's kernel is called with. */
export interface OpCall<Inputs = Readonly<Record<string, tf.TensorInfo>>, Attributes = unknown> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly memory: KernelMemory;
}

/** A call of one of our kernels, as its row of `nn/kernels/table.ts` has it. */
export type KernelCall<Name extends KernelName> = OpCall<
  KernelInputs<Name, tf.TensorInfo>,
  KernelAttributes<Name>
>;

/** One kernel on the wasm backend; `name` is the full name in tfjs's registry. */
export interface WasmOp {
  readonly name: string;
  /** Whether it takes the place of a kernel that tfjs has. */
  readonly replaces?: boolean;
  run(call: OpCall): tf.TensorInfo | tf.TensorInfo[];
}

/** Declares one of our kernels. */
export function wasmKernel<Name extends KernelName>(
  name: Name,
  run: (call: KernelCall<Name>) => KernelOutputs<Name, tf.TensorInfo>,
): WasmOp {
  return {
    name: KERNEL_PREFIX + name,
    run: ({ inputs, attributes, memory }) => {
      const given = kernelInputs(name, inputs);
      return outputList(
        KERNELS[name].outputs,
        run({ inputs: given, attributes: attributes as never, memory }),
      );
    },
  };
}

/** Declares a kernel of tfjs's own, whose inputs it promises. */
export function tfjsKernel<Inputs extends string, Attributes = unknown>(
  name: string,
  run: (call: OpCall<Readonly<Record<Inputs, tf.TensorInfo>>, Attributes>) => tf.TensorInfo,
): WasmOp {
  return { name, run: (call) => run(call as never) };
}

/** The number of floats of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A shape seen as rows of channels, the last axis. */
export function rowsOf(shape: readonly number[]): { readonly rows: number; readonly channels: number } {
  const channels = shape[shape.length - 1] ?? 1;
  return { channels, rows: channels === 0 ? 0 : sizeOf(shape) / channels };
}
