import type { tf } from 'dna-nas/nn';
import type { KernelMemory } from './kernel-memory.js';

/** What an op's kernel is called with. */
export interface OpCall<Attributes = unknown> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Attributes;
  readonly memory: KernelMemory;
}

/** One kernel of ours on the wasm backend; `name` is the full name in tfjs's registry. */
export interface WasmOp {
  readonly name: string;
  /** Whether it takes the place of a kernel that tfjs has. */
  readonly replaces?: boolean;
  run(call: OpCall): tf.TensorInfo | tf.TensorInfo[];
}

/** Declares an op whose attributes have a known shape. */
export function wasmOp<Attributes>(
  name: string,
  run: (call: OpCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): WasmOp {
  return { name, run: (call) => run(call as OpCall<Attributes>) };
}

/** An input that the contract promises. */
export function input(call: OpCall, name: string): tf.TensorInfo {
  const tensor = call.inputs[name];
  if (!tensor) {
    const given = Object.keys(call.inputs).join(', ') || 'none';
    throw new Error(`A wasm kernel misses its input "${name}"; it was given: ${given}.`);
  }
  return tensor;
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
