import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInBackend, builtInBackends, checkBackend } from 'dna-nas/configuration';
import { tf } from 'dna-nas/nn';
import { describe, expect, test } from 'vitest';
import {
  type Installation,
  readInstallation,
  writeInstallation,
} from '../../dist/plugins/backend-torch/install/installation.js';
import { sourcesOf } from '../../dist/plugins/backend-torch/install/native-sources.js';
import { FakeMachine, OFFERED } from './fake-machine.js';

/** What an installation for the CPU writes down, with an addon that is none. */
function installation(machine: FakeMachine, changes: Partial<Installation> = {}): Installation {
  const addon = join(machine.home, 'build', 'addon-0123456789abcdef.node');
  mkdirSync(join(machine.home, 'build'), { recursive: true });
  writeFileSync(addon, 'no addon');
  return {
    torch: '2.11.0',
    folder: machine.home,
    cuda: null,
    kernels: false,
    architectures: [],
    addon,
    sources: sourcesOf('2.11.0', { cuda: false, kernels: false }),
    instructions: [],
    compiler: 'g++ 12.2.0',
    ...changes,
  };
}

const STATES: readonly { name: string; changes?: Partial<Installation> }[] = [
  { name: 'nothing installed' },
  { name: 'installed for other sources', changes: { sources: '0'.repeat(64) } },
  { name: 'compiled for another processor', changes: { instructions: ['avx9000', 'amxdream'] } },
  { name: 'an addon that does not load', changes: {} },
];

describe('dna backend list', () => {
  test.runIf(OFFERED).each(STATES)('$name', async ({ changes }) => {
    const machine = new FakeMachine();
    if (changes) writeInstallation(installation(machine, changes), machine.home);
    const { code, text } = await machine.dna(['backend', 'list']);
    const gpu = /torch (finds no NVIDIA GPU with its driver|is installed without CUDA)/;
    expect(text.replace(gpu, 'torch <has no GPU>')).toMatchSnapshot();
    expect(code).toBe(0);
  });

  test('--json prints data alone: every backend, and either what it is or why it does not work', async () => {
    const { code, text } = await new FakeMachine().dna(['backend', 'list', '--json']);
    expect(code).toBe(0);
    const found: { name: string; works: boolean }[] = JSON.parse(text);
    expect(found.map(({ name }) => name)).toEqual(builtInBackends());
    expect(found).toContainEqual({
      name: 'wasm',
      works: true,
      description: expect.stringMatching(/WebAssembly/),
    });
    expect(found).toContainEqual({
      name: 'torch',
      works: false,
      reason: 'is not installed',
      fix: 'Run `dna backend install torch`.',
    });
  });

  test('a GPU that is asked for and not installed for is named', async () => {
    const machine = new FakeMachine();
    writeInstallation(installation(machine), machine.home);
    const before = process.env.DNA_BACKENDS;
    process.env.DNA_BACKENDS = machine.backends;
    try {
      expect(await checkBackend('torch', { device: 'cuda' })).toMatchObject({
        works: false,
        reason: expect.stringMatching(/^(finds no NVIDIA GPU with its driver|is installed without CUDA)$/),
      });
    } finally {
      if (before === undefined) delete process.env.DNA_BACKENDS;
      else process.env.DNA_BACKENDS = before;
    }
  });
});

describe('dna backend', () => {
  test.each([
    ['backend', 'remove'],
    ['backend', 'install'],
  ])('%s %s alone lists what there is', async (...words) => {
    const { text } = await new FakeMachine().dna(words);
    expect(text).toMatch(/^ {2}torch {2,}\w+/m);
  });

  test('what nobody installs is told as every other mistake', async () => {
    expect(await new FakeMachine().dna(['backend', 'install', 'tensorflow'])).toEqual({
      code: 2,
      text: "error USAGE: Unknown command 'tensorflow'; the commands are torch, cuda.\n→ `dna backend install --help` shows how it is used.",
    });
  });
});

describe('installed.json', () => {
  test('is read as it was written', () => {
    const machine = new FakeMachine();
    const written = installation(machine, {
      ...{ cuda: '13.0', kernels: true, architectures: ['sm_90', 'compute_90'] },
      instructions: ['avx2'],
    });
    writeInstallation(written, machine.home);
    expect(readInstallation(machine.home)).toEqual(written);
  });

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a field missing', '{"torch":"2.11.0"}'],
  ])('is nothing where it holds %s', (_, text) => {
    const machine = new FakeMachine();
    mkdirSync(machine.home, { recursive: true });
    writeFileSync(join(machine.home, 'installed.json'), text);
    expect(readInstallation(machine.home)).toBeUndefined();
  });

  test('is nothing where the addon is gone', () => {
    const machine = new FakeMachine();
    const written = installation(machine);
    writeInstallation({ ...written, addon: `${written.addon}.gone` }, machine.home);
    expect(readInstallation(machine.home)).toBeUndefined();
  });
});

describe('backend-auto', () => {
  test('takes wasm where torch is not installed, says why, and has its numerics', async () => {
    const machine = new FakeMachine();
    const before = process.env.DNA_BACKENDS;
    process.env.DNA_BACKENDS = machine.backends;
    try {
      const auto = await builtInBackend('auto');
      const started = await auto.start({ workers: 1 });
      expect(started.description).toMatch(/^WebAssembly SIMD.*; auto took wasm: torch is not installed$/);
      expect(tf.getBackend()).toBe('wasm');
      const { name, numerics } = await (await builtInBackend('wasm')).start({ workers: 1 });
      expect(started).toMatchObject({ name, numerics });
      expect(await auto.devices?.()).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.DNA_BACKENDS;
      else process.env.DNA_BACKENDS = before;
    }
  });
});
