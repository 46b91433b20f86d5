import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gpuFault } from 'dna-nas/plugins/backend-cuda';
import { describe, expect, test } from 'vitest';
import { FakeMachine, GXX, OFFERED } from './fake-machine.js';
import { NPM, PYTHON } from './fake-tensorflow.js';
import { type Mistake, mistakes } from './mistakes.js';

const INSTALL = ['backend', 'install', 'cuda', '--cpu'];
const TOOLS = { 'g++': GXX, python3: PYTHON, npm: NPM };

const MISTAKES: readonly Mistake[] = [
  { name: 'no compiler', tools: { python3: PYTHON, npm: NPM } },
  { name: 'no python3', tools: { 'g++': GXX, npm: NPM } },
  { name: 'no npm', tools: { 'g++': GXX, python3: PYTHON } },
  {
    name: 'no network for npm',
    tools: {
      ...TOOLS,
      npm: `echo 'npm error code ENOTFOUND'
echo 'npm error network request to https://registry.npmjs.org/ failed, reason: getaddrinfo ENOTFOUND'
exit 1`,
    },
  },
  {
    name: 'no network for pip',
    tools: {
      ...TOOLS,
      python3: PYTHON.replace(
        "*'pip download'*)",
        `*'pip download'*) echo 'ERROR: No matching distribution found for tensorflow-cpu==2.21.0'; exit 1;;\n  never)`,
      ),
    },
  },
  { name: 'no way to the published binary', tools: TOOLS, words: [...INSTALL, '--official'] },
  { name: 'sources that do not compile', tools: TOOLS, env: { FAILS: 'tfjs_backend.cc' } },
  { name: 'a binding that does not load', tools: TOOLS },
  { name: 'a folder that is not there', tools: TOOLS, words: [...INSTALL, '--tensorflow', 'nowhere'] },
  {
    name: 'a folder of no TensorFlow',
    tools: TOOLS,
    words: [...INSTALL, '--tensorflow', 'empty'],
    before: ({ folder }) => mkdirSync(join(folder, 'empty')),
  },
  {
    name: 'a TensorFlow without headers',
    tools: TOOLS,
    words: [...INSTALL, '--tensorflow', 'bare'],
    before: ({ folder }) => libraries(join(folder, 'bare')),
  },
];

function libraries(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    writeFileSync(join(folder, name), '');
  }
}

/** The `tensorflow` folder of an installed package. */
function installed(machine: FakeMachine): string {
  const folder = join(machine.folder, 'python', 'tensorflow');
  libraries(folder);
  for (const header of ['tensorflow/c/eager/c_api.h', 'tensorflow/core/platform/ctstring_internal.h']) {
    mkdirSync(join(folder, 'include', header, '..'), { recursive: true });
    writeFileSync(join(folder, 'include', header), '');
  }
  mkdirSync(join(machine.folder, 'python', 'tensorflow-2.19.1.dist-info'));
  return folder;
}

describe.runIf(OFFERED)('dna backend install cuda', () => {
  mistakes(MISTAKES, { words: INSTALL, home: 'cudaHome' });

  test('goes on where it was broken off: downloads nothing twice', async () => {
    const machine = new FakeMachine(TOOLS);
    await machine.dna(INSTALL, { FAILS: 'tfjs_backend.cc' });
    const first = machine.takeCalls();
    expect(first.filter((call) => call.includes('pip download'))).toHaveLength(1);
    expect(first.filter((call) => call.startsWith('npm install'))).toHaveLength(1);
    const { text } = await machine.dna(INSTALL);
    expect(text).toContain('TensorFlow 2.21.0 is there already');
    expect(text).toContain('@tensorflow/tfjs-node-gpu 4.22.0 is there already');
    const second = machine.takeCalls();
    expect(second.filter((call) => /^npm|pip/.test(call))).toEqual([]);
    expect(second.filter((call) => call.includes('-shared'))).toHaveLength(2);
  });

  test('installs the package without its scripts, for newer Node and for one tfjs-core', async () => {
    const machine = new FakeMachine(TOOLS);
    await machine.dna(INSTALL);
    const [npm] = machine.takeCalls().filter((call) => call.startsWith('npm'));
    expect(npm).toContain('install --ignore-scripts');
    const node = join(machine.cudaHome, 'node');
    const read = (name: string) => readFileSync(join(node, name), 'utf8');
    const { dependencies, overrides } = JSON.parse(read('package.json'));
    expect(dependencies['@tensorflow/tfjs-node-gpu']).toBe('4.22.0');
    expect({ ...dependencies, ...overrides }).toMatchObject({
      '@tensorflow/tfjs': 'file:./tfjs',
      '@tensorflow/tfjs-core': 'file:./tfjs-core',
    });
    const dist = 'node_modules/@tensorflow/tfjs-node-gpu/dist';
    expect(read(`${dist}/kernels/TopK.js`)).toBe('var isSorted = (sorted == null) ? true : sorted;\n');
    expect(read(`${dist}/nodejs_kernel_backend.js`)).toBe(
      'if ((tensorsOrDtype == null)) {} if (Array.isArray(tensors)) {}\n',
    );
  });

  test('compiles the package’s sources with its lists and its threads set right', async () => {
    const machine = new FakeMachine(TOOLS);
    await machine.dna(INSTALL, { FAILS: 'tfjs_backend.cc' });
    const sources = join(machine.cudaHome, 'build', 'sources');
    expect(readdirSync(sources)).toContain('tfjs_binding.cc');
    const [compiled = ''] = machine.takeCalls().filter((call) => call.includes('tfjs_binding.cc'));
    // Both folders have a file of this name.
    for (const own of ['/backend-cuda/native/binding/mb-conv-folded.cpp', '/native/mb-conv-folded.cpp']) {
      expect(compiled.split(' ')).toContainEqual(expect.stringMatching(new RegExp(`${own}$`)));
    }
    const text = readFileSync(join(sources, 'tfjs_backend.cc'), 'utf8');
    expect(text).toContain('static thread_local std::set<std::string> ATTR_NAME_SET;');
    expect(text).toContain('AssignStringList(env, tfe_op, attr_name, js_value);');
    expect(text).toContain('AssignTypeList(env, tfe_op, attr_name, js_value);');
    expect(text).toMatch(/#include "attribute-lists\.h"\n\nvoid AssignOpAttr/);
  });

  test('uses the TensorFlow that python3 has, or that is named, and downloads none', async () => {
    for (const named of [true, false]) {
      const machine = new FakeMachine(TOOLS);
      const folder = installed(machine);
      const { text } = await machine.dna(
        named ? [...INSTALL, '--tensorflow', folder] : INSTALL,
        named ? {} : { INSTALLED: folder },
      );
      expect(text).toContain('using TensorFlow 2.19.1 in <machine>/python/tensorflow');
      const calls = machine.takeCalls();
      expect(calls.filter((call) => call.includes('pip'))).toEqual([]);
      const [linked = ''] = calls.filter((call) => call.includes('-l:libtensorflow_cc.so.2'));
      expect(linked).toContain(`-Wl,-rpath,${folder}`);
    }
  });

  test('gets CUDA’s libraries where a GPU is wanted', async () => {
    const machine = new FakeMachine(TOOLS);
    await machine.dna(['backend', 'install', 'cuda', '--no-cpu'], { INSTALLED: installed(machine) });
    const [tensorflow = '', nvidia = ''] = machine
      .takeCalls()
      .filter((call) => call.includes('pip download'));
    expect(tensorflow).toMatch(/--no-deps .* tensorflow==2\.21\.0$/);
    expect(nvidia).toMatch(/ nvidia-cudnn-cu12<10\.0,>=9\.3\.0\.75$/);
  });
});

describe('dna backend remove cuda', () => {
  test('removes what it put there and nothing else', async () => {
    const machine = new FakeMachine();
    for (const name of ['build', 'node', 'site.partial-1'])
      mkdirSync(join(machine.cudaHome, name), { recursive: true });
    writeFileSync(join(machine.cudaHome, 'build', 'tfjs_binding.node'), '0'.repeat(2_000_000));
    writeFileSync(join(machine.cudaHome, 'installed.json'), '{}');
    writeFileSync(join(machine.cudaHome, 'thesis.txt'), '');
    expect(await machine.dna(['backend', 'remove', 'cuda'])).toEqual({
      code: 0,
      text: 'The cuda backend is removed: <n> MB in <machine>/backends/cuda.',
    });
    expect(readdirSync(machine.cudaHome)).toEqual(['thesis.txt']);
  });
});

describe('why TensorFlow takes no GPU', () => {
  test.each([
    [
      "W dso_loader.cc:59] Could not load dynamic library 'libcudnn.so.9'; dlerror: libcudnn.so.9: cannot open",
      'libcudnn.so.9 is missing; it is in the wheel nvidia-cudnn-cu12 (`python3 -m pip install nvidia-cudnn-cu12`)',
    ],
    [
      "I dso_loader.cc:59] Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open",
      'there is no NVIDIA driver (libcuda.so.1): install the one of the GPU',
    ],
    [
      'W gpu_device.cc:2348] Cannot dlopen some GPU libraries. Please make sure the missing libraries are installed.',
      'some of CUDA’s libraries are missing; pip’s `tensorflow[and-cuda]` has all of them',
    ],
    [
      'I gpu_device.cc:1] Ignoring visible gpu device (device: 0, name: Tesla K80, pci bus id: 0000:00:1e.0, compute ' +
        'capability: 3.7) with Cuda compute capability 3.7. The minimum required Cuda capability is 6.0.',
      'the GPU (Tesla K80) has compute capability 3.7, and this TensorFlow needs 6.0 or newer',
    ],
    [
      'E cuda_platform.cc:51] failed call to cuInit: INTERNAL: CUDA error: no CUDA-capable device is detected',
      'the NVIDIA driver does not start (INTERNAL: CUDA error: no CUDA-capable device is detected)',
    ],
    ['nothing of the kind', undefined],
  ])('%s', (output, reason) => {
    expect(gpuFault(output)).toBe(reason);
  });
});
