import { DTYPES, type TorchDtype } from './dtypes.js';

/** Values in a row that tensors look at; its bytes are fetched when the first of them is read. */
export class TorchStorage {
  #fetch: (() => Uint8Array) | undefined;

  constructor(
    /** Undefined where the tensors say how its bytes are to be read. */
    readonly dtype: TorchDtype | undefined,
    /** In elements of its type, else in bytes. */
    readonly length: number,
    fetch?: () => Uint8Array,
  ) {
    this.#fetch = fetch;
  }

  /** What it occupies in the file. */
  get byteLength(): number {
    return this.length * (this.dtype === undefined ? 1 : DTYPES[this.dtype].bytes);
  }

  /** Where the bytes are, once that is known. */
  supply(fetch: () => Uint8Array): void {
    this.#fetch = fetch;
  }

  /** All bytes, which are not to be changed. */
  bytes(): Uint8Array {
    const bytes = this.#fetch!();
    if (bytes.length === this.byteLength) this.#fetch = () => bytes;
    return bytes;
  }
}
