import type { MemoryShortage } from 'dna-nas/core/contracts';
import { DnaError } from 'dna-nas/errors';

/** An allocation that WebAssembly's memory has no room for; `broken`: the allocator cannot go on either. */
export function outOfMemory(memory: MemoryShortage): DnaError {
  const { wanted, used, broken = false } = memory;
  return new DnaError(
    'OUT_OF_MEMORY',
    `The wasm backend is out of memory: ${megabytes(wanted)} were wanted while tensors hold ${megabytes(used)}; it has ` +
      '4096 MB in all and 2047 MB for one tensor.',
    `Use a smaller batch${broken ? ', in a new process' : ''}.`,
    { cause: memory },
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 0)} MB`;
}
