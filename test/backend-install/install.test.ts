import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requirePlatform, requireSpace } from 'dna-nas/install';
import { TORCH } from 'dna-nas/plugins/backend-torch';
import { describe, expect, test, vi } from 'vitest';
import { FakeMachine, GXX, OFFERED, PYTHON } from './fake-machine.js';
import { type Mistake, mistakes } from './mistakes.js';

const INSTALL = ['backend', 'install', 'torch', '--no-cuda'];
const DNA = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));

const pip = (answer: string) =>
  PYTHON.replace(/\*'pip download'\*\)/, `*'pip download'*) ${answer};;\n  never)`);

const MISTAKES: readonly Mistake[] = [
  { name: 'no compiler', tools: { python3: PYTHON } },
  { name: 'a compiler that is not there', tools: { 'g++': GXX, python3: PYTHON }, env: { CXX: 'g++-77' } },
  { name: 'an old compiler', tools: { 'g++': GXX.replace('__GNUC__ 12', '__GNUC__ 8'), python3: PYTHON } },
  {
    name: 'clang',
    tools: { 'g++': GXX.replace("echo '#def", "echo '#define __clang__ 1'; echo '#def"), python3: PYTHON },
  },
  { name: 'no python3', tools: { 'g++': GXX } },
  { name: 'an old python3', tools: { 'g++': GXX, python3: 'exit 1' } },
  {
    name: 'python3 without pip',
    tools: {
      'g++': GXX,
      python3: PYTHON.replace("echo 'pip 23.2.1", "echo 'No module named pip'; exit 1; echo '"),
    },
  },
  { name: 'an old pip', tools: { 'g++': GXX, python3: PYTHON.replace('pip 23.2.1', 'pip 20.0.2') } },
  {
    name: 'no network',
    tools: {
      'g++': GXX,
      python3: pip(`
    echo "WARNING: Retrying after connection broken by 'NewConnectionError('<urllib3>: Failed: [Errno -3] No such name')': /simple"
    echo 'ERROR: Could not find a version that satisfies the requirement torch==2.11.0 (from versions: none)'
    echo 'ERROR: No matching distribution found for torch==2.11.0'; exit 1`),
    },
  },
  {
    name: 'a wheel that cannot be unpacked',
    tools: {
      'g++': GXX,
      python3: PYTHON.replace(
        '*infolist*)',
        '*infolist*) echo "zipfile.BadZipFile: no zip"; exit 1;;\n  never)',
      ),
    },
  },
  {
    name: 'a PyTorch without CUDA where CUDA is wanted',
    tools: { 'g++': GXX, python3: PYTHON.replace(/echo 'Requires-Dist.*$/m, 'echo none;;') },
    words: ['backend', 'install', 'torch', '--cuda'],
  },
  {
    name: 'sources that do not compile',
    tools: { 'g++': GXX, python3: PYTHON },
    env: { FAILS: 'state.cpp' },
  },
  { name: 'an addon that does not load', tools: { 'g++': GXX, python3: PYTHON } },
  {
    name: 'a folder that is a file',
    tools: { 'g++': GXX, python3: PYTHON },
    before: ({ backends }) => writeFileSync(backends, ''),
  },
  {
    name: 'a folder of no PyTorch',
    tools: { 'g++': GXX },
    words: [...INSTALL, '--torch', 'nowhere'],
  },
  {
    name: 'an old PyTorch',
    tools: { 'g++': GXX },
    words: [...INSTALL, '--torch', 'old'],
    before: ({ folder }) => fakeTorch(join(folder, 'old'), ['2', '3', '1']),
  },
  {
    name: 'a PyTorch that has no CUDA where CUDA is wanted',
    tools: { 'g++': GXX },
    words: ['backend', 'install', 'torch', '--cuda', '--torch', 'cpu'],
    before: ({ folder }) => fakeTorch(join(folder, 'cpu'), ['2', '12', '0']),
  },
];

function fakeTorch(folder: string, version: readonly [string, string, string]): void {
  for (const name of ['lib', 'include/ATen', 'include/torch/headeronly']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ['lib/libtorch_cpu.so', 'lib/libc10.so', 'include/ATen/ATen.h']) {
    writeFileSync(join(folder, name), '');
  }
  const lines = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part, index) => `#define TORCH_VERSION_${part} ${version[index]}`,
  );
  writeFileSync(join(folder, 'include/torch/headeronly/version.h'), lines.join('\n'));
}

describe.runIf(OFFERED)('dna backend install torch', () => {
  mistakes(MISTAKES, { words: INSTALL, home: 'home' });

  test.each([
    [{ platform: 'darwin', arch: 'arm64', glibc: undefined }, 'darwin on arm64'],
    [{ platform: 'linux', arch: 'arm64', glibc: '2.36' }, 'linux on arm64 with glibc 2.36'],
    [{ platform: 'linux', arch: 'x64', glibc: undefined }, 'linux on x64 with no glibc'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.17' }, 'linux on x64 with glibc 2.17'],
  ])('a platform without wheels: %j', (platform, named) => {
    expect(() => requirePlatform(TORCH, platform)).toThrow(
      `cannot be installed here: it needs Linux on x86-64 with glibc 2.28 or newer, and this is ${named}.`,
    );
  });

  test('a disk without room', () => {
    expect(() => requireSpace(TORCH, process.cwd(), 1e18)).toThrow(
      /needs 1000000000\.0 GB .* of which [\d.]+ GB are free/,
    );
    expect(() => requireSpace(TORCH, process.cwd(), 1)).not.toThrow();
  });

  test('goes on where it was broken off: compiles what failed, downloads nothing twice', async () => {
    const machine = new FakeMachine();
    await machine.dna(INSTALL, { FAILS: 'state.cpp' });
    const first = machine.takeCalls();
    expect(first.filter((call) => call.includes('pip download'))).toHaveLength(2);
    const { text } = await machine.dna(INSTALL);
    expect(text).toContain('libtorch 2.11.0 is there already');
    const second = machine.takeCalls();
    const compiled = (calls: string[]) => calls.filter((call) => /^g\+\+ .*-c .*\.cpp/.test(call));
    const done = compiled(first).filter((call) => !call.includes('state.cpp'));
    expect(done.length).toBeGreaterThan(0);
    expect(compiled(second).some((call) => call.includes('state.cpp'))).toBe(true);
    const twice = compiled(second).filter((call) => done.includes(call));
    expect(twice).toEqual([]);
    expect(second.filter((call) => call.includes('pip'))).toEqual([]);
    expect(second.some((call) => call.includes('-shared'))).toBe(true);
  });

  test('what a killed process left half made is swept up', async () => {
    const machine = new FakeMachine();
    const env = { ...process.env, ...machine.env, SLOW: '1' };
    const child = spawn(process.execPath, [DNA, ...INSTALL], { env, stdio: 'ignore', detached: true });
    await vi.waitFor(
      () => expect(machine.takeCalls().some((call) => call.startsWith('unpack'))).toBe(true),
      600_000,
    );
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'close');
    mkdirSync(join(machine.home, `site.partial-${child.pid}`), { recursive: true });
    expect(readdirSync(machine.home)).toContain('downloads');
    await machine.dna(INSTALL);
    // What was built does not load here, and is gone with it.
    expect(readdirSync(machine.home)).toEqual(['site']);
    expect(readdirSync(join(machine.home, 'site')).sort()).toEqual(['torch', 'wheels.json']);
  });

  test('asks pip for wheels of this platform, whatever python3 is here, and keeps no copy', async () => {
    const machine = new FakeMachine();
    await machine.dna(INSTALL);
    const [torch = '', nvidia = ''] = machine.takeCalls().filter((call) => call.includes('pip download'));
    for (const word of [
      '--no-cache-dir',
      '--only-binary :all:',
      '--python-version 3.12',
      'manylinux_2_28_x86_64',
    ])
      expect(torch).toContain(word);
    expect(torch).toMatch(/--no-deps .* torch==2\.11\.0$/);
    expect(nvidia).toMatch(/ cuda-toolkit\[cudart,cupti\]==13\.0\.2$/);
    expect(nvidia).not.toContain('--no-deps');
    expect(existsSync(join(machine.home, 'downloads'))).toBe(false);
    const { wheels } = JSON.parse(readFileSync(join(machine.home, 'site', 'wheels.json'), 'utf8'));
    expect(wheels).toHaveLength(2);
  });
});

describe('dna backend remove torch', () => {
  test('removes what it put there and nothing else', async () => {
    const machine = new FakeMachine();
    mkdirSync(join(machine.home, 'build'), { recursive: true });
    mkdirSync(join(machine.home, 'site.partial-1'));
    writeFileSync(join(machine.home, 'build', 'addon.node'), '0'.repeat(2_000_000));
    writeFileSync(join(machine.home, 'installed.json'), '{}');
    writeFileSync(join(machine.home, 'thesis.txt'), '');
    expect(await machine.dna(['backend', 'remove', 'torch'])).toEqual({
      code: 0,
      text: 'The torch backend is removed: <n> MB in <machine>/backends/torch.',
    });
    expect(readdirSync(machine.home)).toEqual(['thesis.txt']);
  });

  test('is content where there is nothing', async () => {
    const machine = new FakeMachine();
    expect(await machine.dna(['backend', 'remove', 'torch'])).toEqual({
      code: 0,
      text: 'The torch backend is not installed.',
    });
  });
});
