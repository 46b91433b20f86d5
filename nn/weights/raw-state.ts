import type { NetworkTensor, StateDict } from 'dna-nas/core/contracts';

/** Values of tensors as they lie in memory, for checkpoints of ours (no layout is changed). */
export function rawState(tensors: ReadonlyMap<string, NetworkTensor>, prefix = ''): StateDict {
  const state: StateDict = new Map();
  for (const [name, tensor] of tensors) {
    state.set(prefix + name, { shape: tensor.shape, data: tensor.value.dataSync() as Float32Array });
  }
  return state;
}

/** Gives tensors the values of a `rawState`. @throws If one of them is missing or has another shape. */
export function loadRawState(
  tensors: ReadonlyMap<string, NetworkTensor>,
  state: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>,
  prefix = '',
): void {
  for (const [name, tensor] of tensors) {
    const saved = state.get(prefix + name);
    if (!saved) throw new Error(`The saved state has no tensor "${prefix}${name}".`);
    if (saved.shape.join() !== tensor.shape.join()) {
      throw new Error(`The saved tensor "${prefix}${name}" is [${saved.shape}], not [${tensor.shape}].`);
    }
    tensor.set(saved.data);
  }
}

/** The part of a state under a prefix, without it. */
export function stateUnder(
  state: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>,
  prefix: string,
): StateDict {
  const part: StateDict = new Map();
  for (const [name, value] of state) if (name.startsWith(prefix)) part.set(name.slice(prefix.length), value);
  return part;
}
