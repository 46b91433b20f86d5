import { ATTRIBUTE_TYPES, type Binding, TYPES } from './binding.js';

/** TensorFlow's name of a variable without a name, which lives as long as its handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';
const MOST = 1024;

/** TensorFlow's variables, which its optimisers work on: one a shape and place among an optimiser's inputs. */
export class Variables {
  readonly #binding: Binding;
  readonly #ids = new Map<string, number>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** The handle of a variable for float32 tensors of a shape; `place` tells those of one op apart. */
  of(shape: readonly number[], place: number): number {
    const key = `${place}: ${shape.join('×')}`;
    const found = this.#ids.get(key);
    if (found !== undefined) return found;
    const attributes = [
      { name: 'dtype', type: ATTRIBUTE_TYPES.type, value: TYPES.float32 },
      { name: 'shape', type: ATTRIBUTE_TYPES.shape, value: shape },
      { name: 'shared_name', type: ATTRIBUTE_TYPES.string, value: ANONYMOUS },
    ];
    const [made] = this.#binding.executeOp('VarHandleOp', attributes, [], 1);
    this.#ids.set(key, made!.id);
    return made!.id;
  }

  /** Frees the variables where shapes are too many to keep one each; no op may be about to use one. */
  trim(): void {
    if (this.#ids.size <= MOST) return;
    for (const id of this.#ids.values()) this.#binding.deleteTensor(id);
    this.#ids.clear();
  }
}
