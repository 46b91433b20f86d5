import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const SECTIONS: Readonly<Record<number, string>> = {
  1: 'type',
  2: 'import',
  3: 'function',
  7: 'export',
  10: 'code',
};

const path = join(
  dirname(createRequire(import.meta.url).resolve('dna-nas/plugins/backend-wasm')),
  'kernels.wasm',
);

function readUnsigned(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let [value, shift, next] = [0, 0, start];
  for (;;) {
    const byte = bytes[next++]!;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) return { value, next };
  }
}

/** The ids of a WebAssembly binary's sections, custom ones left out. */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at]!;
    const { value: size, next } = readUnsigned(bytes, at + 1);
    if (id !== 0) ids.push(id);
    at = next + size;
  }
  return ids;
}

it('has no data, global, table, element or start section: they would lie inside the memory of tfjs', () => {
  const unexpected = sectionIds(readFileSync(path)).filter((id) => !(id in SECTIONS));
  expect(unexpected).toEqual([]);
});

it('imports the memory and nothing else, and exports functions only', () => {
  const module = new WebAssembly.Module(readFileSync(path));
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  const kinds = WebAssembly.Module.exports(module).map((entry) => entry.kind);
  expect(new Set(kinds)).toEqual(new Set(['function']));
});

it('uses no relaxed SIMD, whose bits differ between machines: Node 20 compiles it', () => {
  expect(WebAssembly.validate(readFileSync(path))).toBe(true);
});

it('the section reader sees a data section where there is one', () => {
  // (module (memory 1) (data (i32.const 0) "a"))
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 11, 7, 1, 0, 65, 0, 11, 1, 97];
  expect(sectionIds(Uint8Array.from(bytes))).toEqual([5, 11]);
});
