import { activations } from './activations.js';
import { arithmetic } from './arithmetic.js';
import { convolutions } from './convolutions.js';
import { gates } from './gates.js';
import type { Mappings } from './mapping.js';
import { normalisation } from './normalisation.js';
import { pooling } from './pooling.js';
import { products } from './products.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';

export type { KernelCall, Mapping } from './mapping.js';

/** Every kernel that has a counterpart in ONNX: tfjs's own, and ours under their names with `Dna` before. */
export const MAPPINGS: Mappings = Object.freeze({
  ...convolutions,
  ...normalisation,
  ...activations,
  ...arithmetic,
  ...products,
  ...reductions,
  ...pooling,
  ...gates,
  ...shapes,
});

/** Names of these kernels. */
export const MAPPED_KERNELS: readonly string[] = Object.freeze(Object.keys(MAPPINGS));
