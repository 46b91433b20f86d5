import { tf } from 'dna-nas/nn';
import { outOfMemory } from './errors.js';

/** The part of tfjs's Emscripten module that it does not declare. */
export interface EmscriptenModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

const MEMORY_BYTES = 2 ** 32;
/** From here on `_malloc` reads a size as negative, or modulo 2^32, and answers with too little. */
const LARGEST_BLOCK_BYTES = 2 ** 31 - 2 ** 16;
/** Room for what tfjs keeps beside tensors. */
const RESERVE_BYTES = 2 ** 26;
const MOST_BYTES = MEMORY_BYTES - RESERVE_BYTES;

const guarded = new WeakSet<object>();

/**
 * Makes every allocation of tfjs's module throw where there is no room. By itself it answers 0, which tfjs uses as an
 * offset, and near 4 GiB a block that reaches beyond the memory, whose addresses wrap around into other tensors.
 */
export function guardAllocation(module: EmscriptenModule): void {
  if (guarded.has(module)) return;
  guarded.add(module);
  // Emscripten replaces `_malloc` by the export itself at the first call.
  module._free(module._malloc(16));
  const allocate = module._malloc;
  let broken = false;
  module._malloc = (bytes) => {
    const used = tf.memory().numBytes;
    const noRoom = bytes > LARGEST_BLOCK_BYTES || used + bytes > MOST_BYTES;
    const shortage = { wanted: bytes, used, limit: MOST_BYTES, largest: LARGEST_BLOCK_BYTES };
    if (broken || noRoom) throw outOfMemory({ ...shortage, broken });
    const offset = allocate(bytes) >>> 0;
    // The allocator has lost track now: whatever it would give next could lie inside a tensor.
    broken = offset + bytes > module.HEAPU8.length;
    if (broken || offset === 0) throw outOfMemory({ ...shortage, broken });
    return offset;
  };
}
