import type { tf } from 'dna-nas/nn';
import type { Handle, NativeOps } from './native-ops.js';
import type { TorchBackend } from './torch-backend.js';

/** What a kernel is called with. */
export interface KernelCall<Attributes = Readonly<Record<string, unknown>>> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Attributes;
  readonly backend: TorchBackend;
  /** The addon's ops. */
  readonly ops: NativeOps;
  /** The handle of an input that the kernel's contract promises. */
  tensor<Name extends string>(name: Name): Handle<Name>;
}

/** Nothing where the results are those that the addon has just told; else the results. */
export type KernelResult = undefined | tf.TensorInfo | tf.TensorInfo[];

/** What not every device has: our own kernels are missing on a GPU where the addon was compiled without nvcc. */
export type Needs = 'float32 on the CPU' | 'our kernels';

/** One kernel of the torch backend; `name` is the full name in tfjs's registry. */
export interface TorchKernel {
  readonly name: string;
  /** Whether it answers a list even of one tensor. */
  readonly list: boolean;
  /** Where it is offered. @default everywhere */
  readonly needs?: Needs;
  run(call: KernelCall): KernelResult;
}

/** Declares a kernel of one output: `run` calls one op of the addon (or answers a tensor). */
export function torchKernel<Attributes = Readonly<Record<string, unknown>>>(
  name: string,
  run: (call: KernelCall<Attributes>) => KernelResult,
): TorchKernel {
  return { name, list: false, run: (call) => run(call as KernelCall<Attributes>) as KernelResult };
}

/** Declares a kernel that answers a list of tensors. */
export function torchListKernel<Attributes = Readonly<Record<string, unknown>>>(
  name: string,
  run: (call: KernelCall<Attributes>) => KernelResult,
): TorchKernel {
  return { ...torchKernel(name, run), list: true };
}
