import type { Activation } from 'dna-nas/nn';
import type { NativeAttribute } from '../binding.js';
import { attribute } from '../cuda-kernel.js';
import type { AnyCall } from './activation.js';

const CODES: Readonly<Record<Activation, number>> = { none: 0, relu: 1, relu6: 2, swish: 3, sigmoid: 4 };

/** The attribute that tells our ops (`native/binding/`) an activation. */
export function activationAttribute(activation: Activation): NativeAttribute {
  return attribute.int('activation', CODES[activation]);
}

/** Whether ops of our own serve: they are compiled with the binding, and for the CPU. */
export function hasOwnOps({ backend }: Pick<AnyCall, 'backend'>): boolean {
  return backend.package.ownOps && !backend.isUsingGpuDevice;
}
