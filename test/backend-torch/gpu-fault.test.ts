import { type GpuFault, gpuFault } from 'dna-nas/plugins/backend-torch';
import { describe, expect, it } from 'vitest';

const ALL = ['sm_75', 'sm_80', 'sm_86', 'sm_89', 'sm_90', 'sm_100', 'compute_100'];
const HERE = { driver: 13000, runtime: 13000, error: '', capabilities: [90] };
const TOO_OLD = 'CUDA driver version is insufficient for CUDA runtime version';

const FAULTS: readonly (readonly [name: string, gpus: object, reason: string])[] = [
  [
    'a driver that is too old',
    { driver: 12040, error: TOO_OLD, capabilities: [] },
    'finds an NVIDIA driver for CUDA 12.4, and one for CUDA 13.0 or newer is wanted',
  ],
  [
    'a GPU whose driver is not in the container',
    { driver: 0, error: TOO_OLD, capabilities: [] },
    'finds no NVIDIA driver (libcuda.so.1)',
  ],
  ['no GPU', { error: 'no CUDA-capable device is detected', capabilities: [] }, 'finds no GPU'],
  ['GPUs that are hidden', { capabilities: [] }, 'finds no GPU'],
  ['no CUDA', { driver: 0, runtime: 0, capabilities: [] }, 'is installed without CUDA'],
  [
    'a driver that does not start',
    { error: 'system not yet initialized', capabilities: [] },
    'cannot use the GPU: system not yet initialized',
  ],
  [
    'a GPU before Turing',
    { capabilities: [90, 70] },
    `finds a GPU of compute capability 7.0, and its kernels are compiled for ${ALL.join(', ')}`,
  ],
];

describe('why no GPU can be used', () => {
  it.each(FAULTS)('%s', (_, gpus, reason) => {
    const fault = gpuFault({ ...HERE, ...gpus }, ALL);
    expect(fault?.reason).toBe(reason);
    expect(fault?.fix).toMatch(/^[A-Z].*, or compute on the CPU: --set backend\.device=cpu\.$/);
  });

  it('a machine without a GPU is nothing to speak of, one with a GPU that is not used is', () => {
    const surprising = (gpus: object) => (gpuFault({ ...HERE, ...gpus }, ALL) as GpuFault).surprising;
    expect(surprising({ error: 'no CUDA-capable device is detected', capabilities: [] })).toBe(false);
    expect(surprising({ driver: 12040, error: TOO_OLD, capabilities: [] })).toBe(true);
  });

  it.each([75, 80, 86, 87, 89, 90, 100, 103, 110, 120])('compute capability %d is served', (capability) => {
    expect(gpuFault({ ...HERE, capabilities: [capability] }, ALL)).toBeUndefined();
  });

  it('a newer driver serves older CUDA, and no kernels of ours fit every GPU', () => {
    expect(gpuFault({ ...HERE, driver: 13020 }, ALL)).toBeUndefined();
    expect(gpuFault({ ...HERE, capabilities: [70] }, [])).toBeUndefined();
  });
});
