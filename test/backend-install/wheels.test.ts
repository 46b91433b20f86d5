import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRequirements, unpackWheel } from 'dna-nas/install';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cudaRequirements } from '../../dist/plugins/backend-torch/install/cuda-requirements.js';

/** As torch 2.11.0 names them. */
const REQUIRED = [
  'filelock',
  'setuptools<82',
  'cuda-toolkit[cublas,cudart,cufft,cupti,nvrtc]==13.0.2; platform_system == "Linux"',
  'cuda-bindings<14,>=13.0.3; platform_system == "Linux"',
  'nvidia-cudnn-cu13==9.19.0.56; platform_system == "Linux"',
  'nvidia-nccl-cu13==2.28.9; platform_system == "Linux"',
  'triton==3.6.0; platform_system == "Linux"',
  'opt-einsum>=3.3; extra == "opt-einsum"',
];

describe('what pip is asked for of CUDA', () => {
  test('for the CPU: the two libraries that libtorch_cpu.so is linked with', () => {
    expect(cudaRequirements(REQUIRED, false)).toEqual(['cuda-toolkit[cudart,cupti]==13.0.2']);
  });

  test('for a GPU: all of NVIDIA’s libraries, and the compiler of the same CUDA', () => {
    expect(cudaRequirements(REQUIRED, true)).toEqual([
      'cuda-toolkit[cublas,cudart,cufft,cupti,nvrtc,nvcc,nvvm,crt,cccl]==13.0.2',
      'nvidia-cudnn-cu13==9.19.0.56',
      'nvidia-nccl-cu13==2.28.9',
    ]);
  });

  test('of a wheel that names each library itself', () => {
    const required = [
      'nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux" and platform_machine == "x86_64"',
      'nvidia-cuda-cupti-cu12==12.8.90; platform_system == "Linux" and platform_machine == "x86_64"',
      'nvidia-cublas-cu12==12.8.4.1; platform_system == "Linux" and platform_machine == "x86_64"',
    ];
    const names = ['nvidia-cuda-runtime-cu12==12.8.90', 'nvidia-cuda-cupti-cu12==12.8.90'];
    expect(cudaRequirements(required, false)).toEqual(names);
    expect(cudaRequirements(required, true)).toEqual([...names, 'nvidia-cublas-cu12==12.8.4.1']);
  });

  test('nothing of a wheel without CUDA', () => {
    expect(cudaRequirements(['filelock', 'sympy>=1.13.3'], true)).toEqual([]);
  });
});

const WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    archive.writestr('torch/lib/libc10.so', 'c10')
    archive.writestr('torch/lib/libtorch_cuda.so', 'cuda')
    archive.writestr('torch/__init__.py', '')
    program = zipfile.ZipInfo('torch/bin/protoc')
    program.external_attr = 0o755 << 16
    archive.writestr(program, 'run')
    archive.writestr('../escaped.so', 'no')
    archive.writestr('torch-2.11.0.dist-info/METADATA', 'Name: torch\\nRequires-Dist: a==1; x == "y"\\nRequires-Dist: b\\n')
`;

describe.runIf(spawnSync('python3', ['-c', 'import zipfile']).status === 0)('a wheel', () => {
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'dna-wheel-'));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    expect(spawnSync('python3', ['-c', WHEEL, join(made, 'torch.whl')]).status).toBe(0);
    return made;
  };

  test('gives the files whose names match, and nothing outside of the folder', async () => {
    const made = folder();
    const target = join(made, 'deep', 'site');
    await unpackWheel(join(made, 'torch.whl'), target, /\.so$|protoc$/);
    expect(
      readdirSync(target, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\./.test(name))
        .sort(),
    ).toEqual(['escaped.so', 'torch/lib/libc10.so', 'torch/lib/libtorch_cuda.so']);
    expect(existsSync(join(made, 'deep', 'escaped.so'))).toBe(false);
    expect(statSync(join(target, 'torch/bin/protoc')).mode & 0o777).toBe(0o755);
    expect(statSync(join(target, 'torch/lib/libc10.so')).mode & 0o111).toBe(0);
  });

  test('says what it requires', async () => {
    expect(await readRequirements(join(folder(), 'torch.whl'))).toEqual(['a==1; x == "y"', 'b']);
  });
});
