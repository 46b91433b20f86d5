import type { TensorView } from './tensor-view.js';
import type { TorchStorage } from './torch-storage.js';

/**
 * What stands in a pickle. A dictionary is a map in order, so that no key can reach a prototype; a tuple is a frozen
 * array and a list one that is not. Parts may be shared and may contain themselves, so that who walks through them
 * must remember where it was.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PickleValue[]
  | Map<PickleKey, PickleValue>
  | Set<PickleKey>
  | PickleName
  | PickleRecord
  | NumpyDtype
  | TensorView
  | TorchStorage;

/** Keys that compare by value in JavaScript as in Python. */
export type PickleKey = null | boolean | number | bigint | string;

/** `collections.OrderedDict` and its like, which may have attributes; these are not kept. */
export class OrderedMap extends Map<PickleKey, PickleValue> {}

/** A name of the closed set, `torch._utils _rebuild_tensor_v2`. It stands for nothing that runs. */
export class PickleName {
  constructor(readonly text: string) {}
}

/** An object of plain fields: `argparse.Namespace`. */
export class PickleRecord {
  readonly fields = new Map<string, PickleValue>();

  constructor(readonly type: string) {}
}

/** The type of a numpy scalar. */
export class NumpyDtype {
  /** Says that its bytes are little-endian, or that it has but one. */
  ordered = false;

  constructor(readonly code: string) {}
}
