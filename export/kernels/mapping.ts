import { unmappedUse } from '../errors.js';
import type { Constant, Operand, Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';

/** A kernel that the network's code has called: one of tfjs or one of ours. */
export interface KernelCall {
  readonly kernel: string;
  /** By name; of a list its places are the names. */
  readonly inputs: Readonly<Record<string, Operand>>;
  readonly attributes: object;
  readonly recording: Recording;
}

/** Adds to the graph what a kernel computes. */
export type Mapping = (call: KernelCall) => Traced | readonly Traced[];

/** Mappings by the names of their kernels. */
export type Mappings = Readonly<Record<string, Mapping>>;

/** An input that must depend on the images. @throws DnaError `EXPORT_OPERATION` */
export function tracedInput({ kernel, inputs, recording }: KernelCall, name: string): Traced {
  const input = inputs[name]!;
  if (input.kind === 'traced') return input;
  throw unmappedUse(kernel, recording.layer, `its input ${name} does not depend on the images`);
}

/** An input whose values must be known. @throws DnaError `EXPORT_OPERATION` */
export function constantInput({ kernel, inputs, recording }: KernelCall, name: string): Constant {
  const input = inputs[name]!;
  if (input.kind === 'constant') return input;
  throw unmappedUse(kernel, recording.layer, `its input ${name} depends on the images`);
}
