import { bytesInMemory, DTYPES, type TorchDtype, type TorchValues } from './dtypes.js';
import type { TorchStorage } from './torch-storage.js';

/** A tensor as a file has it: a storage and where in it the values are. Nothing is read yet. */
export class TensorView {
  constructor(
    readonly storage: TorchStorage,
    readonly layout: {
      readonly dtype: TorchDtype;
      /** Of the first value in the storage, in elements. */
      readonly offset: number;
      readonly shape: readonly number[];
      /** Elements from one index of an axis to the next. */
      readonly strides: readonly number[];
    },
  ) {}

  /** Number of values. */
  get size(): number {
    return this.layout.shape.reduce((product, extent) => product * extent, 1);
  }

  /** Bytes in memory of its values, decoded and converted to 32-bit floats. */
  get bytesInMemory(): number {
    return this.size * bytesInMemory(this.layout.dtype);
  }

  /** Equal for views of a storage that have the same values. */
  get place(): string {
    const { dtype, offset, shape, strides } = this.layout;
    return `${dtype} ${offset} ${shape.join()} ${strides.join()}`;
  }

  /** Its values in row-major order, copied. */
  values(): TorchValues {
    const { bytes: width, decode } = DTYPES[this.layout.dtype];
    const gathered = new Uint8Array(this.size * width);
    if (gathered.length > 0) gather(gathered, this.storage.bytes(), { ...this.layout, width });
    return decode(gathered.buffer);
  }
}

interface Gathering {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Bytes of an element. */
  readonly width: number;
}

/** Copies runs of elements, the longest that lie together in the storage. */
function gather(target: Uint8Array, source: Uint8Array, { offset, shape, strides, width }: Gathering): void {
  const { run, axes } = longestRun(shape, strides);
  const index = new Array<number>(axes).fill(0);
  let from = offset;
  for (let to = 0; to < target.length; to += run * width) {
    copyRun(target, source, { to, from: from * width, bytes: run * width });
    for (let axis = axes - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** Elements of the last axes that follow one another, and how many axes are left before these. */
function longestRun(shape: readonly number[], strides: readonly number[]): { run: number; axes: number } {
  let run = 1;
  let axes = shape.length;
  while (axes > 0 && (shape[axes - 1] === 1 || strides[axes - 1] === run)) {
    axes -= 1;
    run *= shape[axes]!;
  }
  return { run, axes };
}

function copyRun(
  target: Uint8Array,
  source: Uint8Array,
  { to, from, bytes }: { readonly to: number; readonly from: number; readonly bytes: number },
): void {
  // A subarray costs more than the bytes of an element do.
  if (bytes > 16) target.set(source.subarray(from, from + bytes), to);
  else for (let byte = 0; byte < bytes; byte++) target[to + byte] = source[from + byte]!;
}
