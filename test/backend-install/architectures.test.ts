import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  buildInstallation,
  findCudaTools,
  openTorch,
} from '../../dist/plugins/backend-torch/install/index.js';
import { FakeMachine, GXX, OFFERED } from './fake-machine.js';

const CUDA_13 = ['75', '80', '86', '87', '88', '89', '90', '100', '103', '110', '120', '121'];
const CUDA_12_6 = ['50', '52', '60', '61', '70', '72', '75', '80', '86', '87', '89', '90'];

/** An nvcc of CUDA 13.0 that knows these GPUs and makes files of nothing. */
function nvcc(known: readonly string[]): string {
  return `#!/bin/sh
echo "nvcc $*" >> "$CALLS"
case "$*" in
  *--version*) echo 'Cuda compilation tools, release 13.0, V13.0.88';;
  *--list-gpu-code*) for code in ${known.join(' ')}; do echo "sm_$code"; done;;
  *) for word; do
       if [ "$previous" = -o ]; then echo made > "$word"; fi
       previous=$word
     done;;
esac
`;
}

/** A machine with a libtorch for CUDA 13.0, a toolkit, and three sources to compile. */
function machineWith(known: readonly string[]) {
  const machine = new FakeMachine({ 'g++': GXX });
  const write = (name: string, text = '') => {
    const file = join(machine.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  write('toolkit/bin/nvcc', nvcc(known));
  for (const header of ['cuda_runtime_api.h', 'crt/host_defines.h', 'cublas_v2.h'])
    write(`toolkit/include/${header}`);
  write('toolkit/lib64/libcudart.so.13');
  write('torch/version.py', "__version__ = '2.11.0+cu130'");
  write('torch/include/ATen/ATen.h');
  write(
    'torch/include/torch/headeronly/version.h',
    ['MAJOR 2', 'MINOR 11', 'PATCH 0'].map((part) => `#define TORCH_VERSION_${part}\n`).join(''),
  );
  for (const name of ['torch_cpu', 'torch_cuda', 'c10']) write(`torch/lib/lib${name}.so`);
  for (const name of ['addon.cpp', 'cuda/channels.cpp', 'cuda/activate.cu']) write(`native/${name}`);
  vi.stubEnv('PATH', join(machine.folder, 'bin'));
  vi.stubEnv('CUDA_HOME', join(machine.folder, 'toolkit'));
  vi.stubEnv('CALLS', machine.env.CALLS!);
  return machine;
}

async function build(machine: FakeMachine) {
  const torch = openTorch(join(machine.folder, 'torch'));
  const cuda = await findCudaTools(torch);
  const compiler = { command: 'g++', name: 'g++ 12.2.0', instructions: [] };
  const folder = join(machine.folder, 'build');
  const native = [join(machine.folder, 'native')];
  return buildInstallation({ folder, native, torch, compiler, cuda });
}

describe.runIf(OFFERED)('architectures', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each([
    ['CUDA 13.0', CUDA_13, ['sm_75', 'sm_80', 'sm_86', 'sm_89', 'sm_90', 'sm_100', 'compute_100']],
    ['an nvcc before Blackwell', CUDA_12_6, ['sm_75', 'sm_80', 'sm_86', 'sm_89', 'sm_90', 'compute_90']],
  ])('of %s: one addon for all, and written down', async (_, known, architectures) => {
    const machine = machineWith(known);
    const { installation } = await build(machine);
    expect(installation).toMatchObject({ cuda: '13.0', kernels: true, architectures });
    const [compiled = ''] = machine.takeCalls().filter((call) => call.includes('activate.cu'));
    const words = compiled.split(' ').filter((word) => /gencode|arch/.test(word));
    expect(words).toEqual(
      architectures.map((name) => `-gencode=arch=compute_${name.split('_')[1]},code=${name}`),
    );
  });
});
