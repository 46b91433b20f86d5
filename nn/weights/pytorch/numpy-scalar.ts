import { isTuple, RuleProblem } from './pickle-machine.js';
import { NumpyDtype, type PickleValue } from './pickle-values.js';

/** The state of a type of one number, of which the first two may differ. */
const PLAIN_STATE: readonly PickleValue[] = [3, '<', null, null, null, -1, -1, 0];

type Read = (view: DataView) => number | bigint | boolean;

/** Bytes and meaning of numpy's types, by its short names. */
const TYPES: ReadonlyMap<string, readonly [number, Read]> = new Map<string, readonly [number, Read]>([
  ['b1', [1, (view) => view.getUint8(0) !== 0]],
  ['i1', [1, (view) => view.getInt8(0)]],
  ['u1', [1, (view) => view.getUint8(0)]],
  ['i2', [2, (view) => view.getInt16(0, true)]],
  ['u2', [2, (view) => view.getUint16(0, true)]],
  ['i4', [4, (view) => view.getInt32(0, true)]],
  ['u4', [4, (view) => view.getUint32(0, true)]],
  ['i8', [8, (view) => exactly(view.getBigInt64(0, true))]],
  ['u8', [8, (view) => exactly(view.getBigUint64(0, true))]],
  ['f4', [4, (view) => view.getFloat32(0, true)]],
  ['f8', [8, (view) => view.getFloat64(0, true)]],
]);

function exactly(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** `numpy.dtype(code, align, copy)`; its byte order follows as its state. */
export function numpyDtype(args: readonly PickleValue[]): NumpyDtype {
  const [code] = args;
  if (args.length !== 3 || typeof code !== 'string' || !TYPES.has(code)) {
    throw new RuleProblem(`names a numpy type other than ${[...TYPES.keys()].join(', ')}`);
  }
  return new NumpyDtype(code);
}

/** The state of a numpy type without parts: `(3, '<', None, None, None, -1, -1, 0)`; `|` where it has one byte. */
export function orderNumpyDtype(dtype: NumpyDtype, state: PickleValue): void {
  if (!isTuple(state) || state.length < PLAIN_STATE.length || state.length > PLAIN_STATE.length) {
    throw new RuleProblem('gives a numpy type a state that is none');
  }
  const [version, order, ...rest] = state;
  if (order !== '<' && order !== '|') {
    throw new RuleProblem('gives a numpy type another byte order than little-endian');
  }
  if (version !== 3 || !PLAIN_STATE.slice(2).every((value, index) => rest[index] === value)) {
    throw new RuleProblem('gives a numpy type parts or another version');
  }
  dtype.ordered = true;
}

/** `numpy.core.multiarray.scalar(dtype, bytes)`: a plain number. */
export function numpyScalar(args: readonly PickleValue[]): number | bigint | boolean {
  const [dtype, bytes] = args;
  if (args.length !== 2 || !(dtype instanceof NumpyDtype) || !dtype.ordered) {
    throw new RuleProblem('makes a numpy scalar of no known type');
  }
  const [width, read] = TYPES.get(dtype.code)!;
  if (!(bytes instanceof Uint8Array) || bytes.length !== width) {
    throw new RuleProblem(`makes a numpy ${dtype.code} of other than ${width} bytes`);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, width));
}
