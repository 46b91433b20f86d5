import { type ByteSource, quoteShort } from 'dna-nas/archives';
import type { StateDict } from 'dna-nas/core/contracts';
import type { TorchDtype, TorchValues } from './dtypes.js';
import { torchInvalid, torchUnsupported } from './errors.js';
import type { PickleKey, PickleValue } from './pickle-values.js';
import { TensorView } from './tensor-view.js';
import { readTorchFile, type TorchFormat } from './torch-file.js';
import type { TorchStorage } from './torch-storage.js';

/** Where checkpoints keep the weights, averaged ones first, as timm takes them. */
const STATE_KEYS = ['state_dict_ema', 'model_ema', 'state_dict', 'model'];
/** How many times a file's bytes its tensors may occupy, converted: more than wider types and shared storages need. */
const LARGEST_GROWTH = 8;
const FREE_BYTES = 2 ** 20;

/** A tensor of a PyTorch file by value, row-major. */
export interface TorchTensor {
  readonly dtype: TorchDtype;
  readonly shape: readonly number[];
  /** Of `float16` and `bfloat16` as 32-bit floats, of `bool` as 0 and 1. */
  readonly data: TorchValues;
}

export interface TorchState {
  readonly format: TorchFormat;
  /** The key of the checkpoint under which the tensors stand; undefined where the file is a state dict itself. */
  readonly key: string | undefined;
  /** In the file's order. */
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

/**
 * Reads the tensors of a state dict that `torch.save` wrote, alone or in a checkpoint under `state_dict_ema`,
 * `model_ema`, `state_dict` or `model`. Nothing of the file is executed; what else the checkpoint holds is checked and
 * not read. Equal views of a storage share their values.
 * @throws DnaError `TORCH_INVALID`, `TORCH_UNSUPPORTED`, `ZIP_INVALID`
 */
export function readTorchState(file: Uint8Array | ByteSource): TorchState {
  const { format, value } = readTorchFile(file);
  const { key, entries } = findState(value);
  const views = requireTensors(entries);
  requireGrowth(views, file instanceof Uint8Array ? file.length : file.size);
  const known = new Map<TorchStorage, Map<string, TorchTensor>>();
  const tensors = new Map<string, TorchTensor>();
  for (const [name, view] of views) tensors.set(name, readOnce(view, known));
  return { format, key, tensors };
}

/**
 * Tensors of a file as 32-bit floats; integers beyond 2^24 and doubles are rounded. Tensors that share their values
 * share the floats too: a file may have thousands of names for one.
 */
export function torchStateDict({ tensors }: Pick<TorchState, 'tensors'>): StateDict {
  const dict: StateDict = new Map();
  const converted = new Map<TorchValues, Float32Array>();
  for (const [name, { shape, data }] of tensors) {
    const floats = converted.get(data) ?? toFloats(data);
    converted.set(data, floats);
    dict.set(name, { shape: [...shape], data: floats });
  }
  return dict;
}

function toFloats(data: TorchValues): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}

type Entries = ReadonlyMap<PickleKey, PickleValue>;

function findState(value: PickleValue): { key: string | undefined; entries: Entries } {
  if (!(value instanceof Map)) throw torchUnsupported('it holds no dictionary of tensors');
  for (const key of STATE_KEYS) {
    const entries = value.get(key);
    if (entries instanceof Map) return { key, entries };
  }
  return { key: undefined, entries: value };
}

function requireTensors(entries: Entries): Map<string, TensorView> {
  const views = new Map<string, TensorView>();
  for (const [name, view] of entries) {
    const label = quoteShort(String(name));
    if (typeof name !== 'string') throw torchUnsupported(`the name ${label} of a tensor is no text`);
    if (!(view instanceof TensorView))
      throw torchUnsupported(`${label}, in its dictionary of tensors, is none`);
    views.set(name, view);
  }
  if (views.size === 0) throw torchUnsupported('its dictionary of tensors is empty');
  return views;
}

/** Views may repeat what a file has once: a kilobyte could ask for all memory. */
function requireGrowth(views: ReadonlyMap<string, TensorView>, fileBytes: number): void {
  const seen = new Map<TorchStorage, Set<string>>();
  let bytes = 0;
  for (const view of views.values()) {
    const places = seen.get(view.storage) ?? new Set();
    seen.set(view.storage, places);
    if (!places.has(view.place)) bytes += view.bytesInMemory;
    places.add(view.place);
  }
  if (bytes <= fileBytes * LARGEST_GROWTH + FREE_BYTES) return;
  throw torchInvalid(`its tensors would occupy ${bytes} bytes, and it has ${fileBytes}`);
}

function readOnce(view: TensorView, known: Map<TorchStorage, Map<string, TorchTensor>>): TorchTensor {
  const places = known.get(view.storage) ?? new Map<string, TorchTensor>();
  known.set(view.storage, places);
  const { dtype, shape } = view.layout;
  const tensor = places.get(view.place) ?? { dtype, shape, data: view.values() };
  places.set(view.place, tensor);
  return tensor;
}
