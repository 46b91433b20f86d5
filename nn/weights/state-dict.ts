import type { FileLayout, Network, NetworkTensor, StateDict } from 'dna-nas/core/contracts';
import { permute } from './permute.js';

/** A tensor by value: row-major. */
export type StateEntry = StateDict extends Map<string, infer Entry> ? Entry : never;

export interface LoadOptions {
  /** Whether names missing from either side are errors. Shapes are always checked. @default true */
  readonly strict?: boolean;
}

/** What `loadStateDict` left alone when it was not strict. */
export interface LoadResult {
  /** Tensors of the module that the dictionary lacks; they keep their values. */
  readonly missing: readonly string[];
  /** Names of the dictionary that the module lacks. */
  readonly extra: readonly string[];
}

interface LayoutRule {
  /** Axis of the file that each axis in memory takes. */
  readonly toMemory: readonly number[];
  /** Axis of memory that each axis of the file takes. */
  readonly toFile: readonly number[];
}

const LAYOUTS: Readonly<Record<Exclude<FileLayout, 'same'>, LayoutRule>> = {
  convolution: { toMemory: [2, 3, 1, 0], toFile: [3, 2, 0, 1] },
  depthwise: { toMemory: [2, 3, 0, 1], toFile: [2, 3, 0, 1] },
  linear: { toMemory: [1, 0], toFile: [1, 0] },
};

/** PyTorch counts batches beside each batch norm; nothing here depends on the count. */
const IGNORED = /(^|\.)num_batches_tracked$/;

const NAMES_SHOWN = 5;

/** The shape a tensor has in files. */
export function fileShape(tensor: NetworkTensor): readonly number[] {
  const { layout } = tensor.options;
  return layout === 'same' ? tensor.shape : LAYOUTS[layout].toFile.map((axis) => tensor.shape[axis]!);
}

function toFile(tensor: NetworkTensor): StateEntry {
  const { layout } = tensor.options;
  const values = tensor.value.dataSync() as Float32Array;
  const data = layout === 'same' ? values.slice() : permute(values, tensor.shape, LAYOUTS[layout].toFile);
  return { shape: [...fileShape(tensor)], data };
}

function fromFile(tensor: NetworkTensor, entry: StateEntry): Float32Array {
  const { layout } = tensor.options;
  // The backend may keep the array it is given, so the caller's is copied.
  return layout === 'same' ? entry.data.slice() : permute(entry.data, entry.shape, LAYOUTS[layout].toMemory);
}

/** Every tensor of a module by value, in the layout of files, in the module's own order. */
export function stateDict(module: Network): StateDict {
  const dict: StateDict = new Map();
  for (const [name, tensor] of module.tensors()) dict.set(name, toFile(tensor));
  return dict;
}

/**
 * Gives a module the values of a dictionary in the layout of files, allocating its tensors where needed. Nothing is
 * changed when anything is wrong.
 * @throws If a shape differs, or, when strict, a name is missing from either side; `num_batches_tracked` is ignored.
 */
export function loadStateDict(module: Network, dict: StateDict, options: LoadOptions = {}): LoadResult {
  const tensors = module.tensors();
  const missing = [...tensors.keys()].filter((name) => !dict.has(name));
  const extra = [...dict.keys()].filter((name) => !tensors.has(name) && !IGNORED.test(name));
  const shapes = misshapen(tensors, dict);
  const strict = options.strict ?? true;
  if (shapes.length > 0 || (strict && missing.length + extra.length > 0)) {
    throw new Error(mismatchMessage({ missing: strict ? missing : [], extra: strict ? extra : [], shapes }));
  }
  for (const [name, tensor] of tensors) {
    const entry = dict.get(name);
    if (entry) tensor.set(fromFile(tensor, entry));
  }
  return { missing, extra };
}

function misshapen(tensors: ReadonlyMap<string, NetworkTensor>, dict: StateDict): string[] {
  const problems: string[] = [];
  for (const [name, tensor] of tensors) {
    const entry = dict.get(name);
    if (!entry) continue;
    const expected = fileShape(tensor);
    if (entry.shape.join() !== expected.join()) {
      problems.push(`${name} is [${entry.shape.join(', ')}], expected [${expected.join(', ')}]`);
    } else if (entry.data.length !== tensor.size) {
      problems.push(`${name} holds ${entry.data.length} values, its shape says ${tensor.size}`);
    }
  }
  return problems;
}

function mismatchMessage(found: { missing: string[]; extra: string[]; shapes: string[] }): string {
  const lines = ['These weights are of another network.'];
  const tell = (what: string, names: readonly string[]) => {
    if (names.length === 0) return;
    const more = names.length > NAMES_SHOWN ? `; and ${names.length - NAMES_SHOWN} more` : '';
    lines.push(`${names.length} ${what}: ${names.slice(0, NAMES_SHOWN).join('; ')}${more}.`);
  };
  tell('missing', found.missing);
  tell('not in the network', found.extra);
  tell('of another shape', found.shapes);
  lines.push('Check the architecture string, the number of classes and the input channels.');
  return lines.join('\n');
}
