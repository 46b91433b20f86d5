import { DTYPE_NAMES, DTYPES, type TorchDtype } from './dtypes.js';
import { numpyDtype, numpyScalar, orderNumpyDtype } from './numpy-scalar.js';
import { isTuple, type PickleRules, RuleProblem } from './pickle-machine.js';
import { NumpyDtype, OrderedMap, PickleName, PickleRecord, type PickleValue } from './pickle-values.js';
import { rebuildOldTensor, rebuildParameter, rebuildTensor, rebuildUntypedTensor } from './rebuild-tensor.js';

type Call = (args: readonly PickleValue[]) => PickleValue;

const NAMESPACE = 'argparse Namespace';
export const UNTYPED_STORAGE = 'torch.storage UntypedStorage';

/** The types of storages by their names in pickles. */
export const STORAGES: ReadonlyMap<string, TorchDtype> = new Map(
  DTYPE_NAMES.flatMap((dtype): [string, TorchDtype][] => {
    const row = DTYPES[dtype];
    return 'storage' in row ? [[`torch ${row.storage}`, dtype]] : [];
  }),
);

/** What a tensor with attributes may be. */
const TENSOR_TYPES = ['torch Tensor', 'torch.nn.parameter Parameter'];

/** Names that stand for a type and cannot be called. */
const TYPES: ReadonlySet<string> = new Set([
  NAMESPACE,
  UNTYPED_STORAGE,
  ...STORAGES.keys(),
  ...DTYPE_NAMES.map((dtype) => `torch ${dtype}`),
  ...TENSOR_TYPES,
]);

const TENSORS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['torch._utils _rebuild_tensor', rebuildOldTensor],
  ['torch._utils _rebuild_tensor_v2', rebuildTensor],
  ['torch._utils _rebuild_tensor_v3', rebuildUntypedTensor],
  ['torch._utils _rebuild_parameter', rebuildParameter],
  ['torch._utils _rebuild_parameter_with_state', rebuildParameter],
]);

/** Names that a pickle may call, and what comes of it: data, each time. */
const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ...TENSORS,
  ['torch._tensor _rebuild_from_type_v2', rebuildFromType],
  ['collections OrderedDict', makeMap],
  ['collections Counter', makeMap],
  ['torch Size', ([items]) => tupleOf(items)],
  ['torch device', nameDevice],
  ['__builtin__ set', ([items]) => new Set(keysOf(items))],
  ['builtins set', ([items]) => new Set(keysOf(items))],
  ['__builtin__ frozenset', ([items]) => new Set(keysOf(items))],
  ['builtins frozenset', ([items]) => new Set(keysOf(items))],
  ['_codecs encode', encode],
  ['numpy dtype', numpyDtype],
  ['numpy.core.multiarray scalar', numpyScalar],
  ['numpy._core.multiarray scalar', numpyScalar],
]);

/** The closed set of names, without what lies outside of the pickle. */
export const KNOWN_NAMES: Omit<PickleRules, 'refer'> = {
  knows: (name) => TYPES.has(name) || CALLS.has(name),
  call(name, args) {
    const call = CALLS.get(name);
    if (!call) throw new RuleProblem(`calls ${name.replace(' ', '.')}, which is a type`);
    return call(args);
  },
  create(name, args) {
    if (name !== NAMESPACE || args.length > 0) {
      throw new RuleProblem(`creates an object of ${name.replace(' ', '.')}`);
    }
    return new PickleRecord(name.replace(' ', '.'));
  },
  build(target, state) {
    if (target instanceof NumpyDtype) orderNumpyDtype(target, state);
    else if (target instanceof PickleRecord) fill(target, state);
    // Its attributes are notes about versions; nothing of them is a tensor.
    else if (!(target instanceof OrderedMap && state instanceof Map)) {
      throw new RuleProblem('gives a state to what has none');
    }
  },
};

function fill(record: PickleRecord, state: PickleValue): void {
  if (!(state instanceof Map)) throw new RuleProblem('gives an object a state that is no dictionary');
  for (const [key, value] of state) {
    if (typeof key !== 'string') throw new RuleProblem('gives an object a field whose name is no text');
    record.fields.set(key, value);
  }
}

/** A tensor with attributes, which are not kept: (function, type, its arguments, attributes). */
function rebuildFromType(args: readonly PickleValue[]): PickleValue {
  const [target, type, inner] = args;
  const call = target instanceof PickleName ? TENSORS.get(target.text) : undefined;
  const known = type instanceof PickleName && TENSOR_TYPES.includes(type.text);
  if (!call || !known || args.length !== 4 || inner === undefined || !isTuple(inner)) {
    throw new RuleProblem('makes a tensor by what makes none');
  }
  return call(inner);
}

/** Of nothing, of a dictionary, or of a list of pairs. */
function makeMap([items]: readonly PickleValue[]): OrderedMap {
  if (items === undefined) return new OrderedMap();
  if (items instanceof Map) return new OrderedMap(items);
  const map = new OrderedMap();
  for (const pair of Array.isArray(items) ? (items as readonly PickleValue[]) : [null]) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new RuleProblem('makes a dictionary of what is no pairs');
    const [key] = keysOf([pair[0]]);
    map.set(key!, pair[1]);
  }
  return map;
}

function keysOf(items: PickleValue | undefined): (null | boolean | number | bigint | string)[] {
  if (!Array.isArray(items)) throw new RuleProblem('makes a set of what is no list');
  for (const item of items) {
    if (typeof item === 'object' && item !== null) {
      throw new RuleProblem('makes a set or dictionary with a key that is no text or number');
    }
  }
  return items;
}

function tupleOf(items: PickleValue | undefined): PickleValue {
  if (items === undefined || !Array.isArray(items) || !items.every(Number.isSafeInteger)) {
    throw new RuleProblem('makes a shape of what is no list of whole numbers');
  }
  return Object.freeze([...items]);
}

/** `cuda:0`; nothing depends on it. */
function nameDevice([type, index]: readonly PickleValue[]): string {
  if (typeof type !== 'string') throw new RuleProblem('names a device that is no text');
  if (index === undefined) return type;
  if (typeof index !== 'number' || index < 0) throw new RuleProblem('names a device by what is no number');
  return `${type}:${index}`;
}

/** How protocol 2 says bytes: a text whose characters are below 256. */
function encode([text, encoding]: readonly PickleValue[]): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) {
    throw new RuleProblem('encodes what is no text, or not as Latin-1');
  }
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 255) throw new RuleProblem('encodes a text that Latin-1 does not have');
  }
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
