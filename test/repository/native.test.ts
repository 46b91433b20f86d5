import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, ROOT, read } from './sources.js';

const SHARED = files('native', /\.(h|cpp)$/);
const NATIVE = [...SHARED, ...files('plugins', /\/native\/.*\.(h|cpp|cu|cuh)$/)];

test('what the backends share in C++ includes its own headers and the processor’s, no library’s', () => {
  expect(SHARED.length).toBeGreaterThan(0);
  const foreign = SHARED.flatMap((file) => {
    const included = [...read(file).matchAll(/^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)/gm)];
    return included
      .filter(([, own, system]) =>
        own === undefined
          ? /[/.]/.test(system!.replace('immintrin.h', ''))
          : !existsSync(join(ROOT, 'native', own)),
      )
      .map(([line]) => `${file}: ${line}`);
  });
  expect(foreign).toEqual([]);
});

test('no file of C++ is longer than 300 lines', () => {
  const long = NATIVE.filter((file) => read(file).split('\n').length > 301);
  expect(long).toEqual([]);
});
