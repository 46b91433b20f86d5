import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const NATIVE = join(import.meta.dirname, '../../plugins/backend-torch/native');

function read(folder: string, ending: string): Map<string, string> {
  const names = readdirSync(join(NATIVE, folder)).filter((name) => name.endsWith(ending));
  return new Map(names.map((name) => [name, readFileSync(join(NATIVE, folder, name), 'utf8')]));
}

function source(file: string): string {
  return readFileSync(join(NATIVE, file), 'utf8');
}

function named(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}

const kernels = read('cuda', '.cu');
const device = new Map([...kernels, ...read('cuda', '.cuh')]);
const tests = [...read('tests/cuda', '.cpp').values(), ...read('tests/cuda', '.h').values()].join('\n');

// Their arithmetic is tested by `node scripts/cuda-check.mjs`.
describe('CUDA sources', () => {
  it('every kernel file is compiled into a test', () => {
    const untested = [...kernels.keys()].filter((name) => !tests.includes(`#include "../../cuda/${name}"`));
    expect(kernels.size).toBeGreaterThan(0);
    expect(untested).toEqual([]);
  });

  it('every launcher is defined, called from a test and offered on tensors', () => {
    const launchers = named(/^void (launch\w+)\(/gm, source('cuda/launchers.h'));
    const defined = named(/^void (launch\w+)\(/gm, [...kernels.values()].join('\n'));
    const wrappers = [...read('cuda', '.cpp').values()].join('\n');
    expect(launchers.length).toBeGreaterThan(10);
    for (const name of launchers) {
      expect(defined).toContain(name);
      expect(tests).toContain(`cuda::${name}(`);
      expect(wrappers).toContain(`${name}(`);
    }
  });

  it('every function on tensors is reached by an op', () => {
    const functions = named(/^(?:bool|at::Tensor|std::\w+<.*>) (\w+)\(/gm, source('cuda/kernels.h'));
    const ops = [...read('ops', '.cpp').values()].join('\n');
    expect(functions.length).toBeGreaterThan(15);
    expect(functions.filter((name) => !ops.includes(`cuda::${name}(`))).toEqual([]);
  });

  it('sums are added in order: no atomics', () => {
    for (const [name, text] of device)
      expect(text.replaceAll(/\/\/.*/g, ''), name).not.toMatch(/\batomic|\bred\.global/);
  });

  it('no kernel needs libtorch', () => {
    for (const [name, text] of device) expect(text, name).not.toMatch(/#include [<"].*(torch|ATen|c10)/);
  });
});
