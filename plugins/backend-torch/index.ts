import { availableParallelism } from 'node:os';
import { definePlugin, packageVersion } from 'dna-nas/core';
import type { BackendDescription, BackendStartOptions } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';
import { limitSpinning, loadNative } from './binding.js';
import { gpuFault } from './gpu-fault.js';
import { checkTorch } from './install/check-torch.js';
import { TORCH_COMMANDS } from './install/commands.js';
import { readInstallation } from './install/installation.js';
import { type BackendTorchOptions, OPTIONS } from './options.js';
import { startTorchBackend } from './start-torch-backend.js';
import type { TorchBackend } from './torch-backend.js';

export { type GpuFault, gpuFault } from './gpu-fault.js';
export * from './install/index.js';
export type { BackendTorchOptions } from './options.js';
export { type StartOptions, startTorchBackend } from './start-torch-backend.js';
export type { TorchBackend } from './torch-backend.js';

/** libtorch with kernels of our own, on the CPU or a CUDA GPU; `dna backend install torch` compiles it. */
export const backendTorch = definePlugin<BackendTorchOptions>({
  name: 'backend-torch',
  description: 'The fast one: libtorch with our own kernels, on the CPU or a CUDA GPU.',
  module: 'dna-nas/plugins/backend-torch',
  export: 'backendTorch',
  options: OPTIONS,
  commands: TORCH_COMMANDS,
  apply(run, options) {
    limitSpinning();
    run.hooks.resolveBackend.tap('backend-torch', () => ({
      name: 'torch',
      start: (startOptions) => start(options, startOptions),
      devices: () => devicesOf(options),
      check: () => checkTorch(options),
    }));
  },
});

/** One thread keeps a GPU busy; several would each take memory for the same networks. */
function devicesOf({ device }: BackendTorchOptions): number[] {
  if (device === 'cpu' || gpuFaultHere() !== undefined) return [];
  const [, number] = device.split(':');
  if (number !== undefined) return [Number(number)];
  const { capabilities } = loadNative().gpus();
  return capabilities.map((_, index) => index);
}

async function start(
  options: BackendTorchOptions,
  { workers, device }: BackendStartOptions,
): Promise<BackendDescription> {
  const threads = options.threads || Math.max(1, Math.floor(availableParallelism() / workers));
  const placed = device === undefined ? options.device : `cuda:${device}`;
  return describe(await startTorchBackend({ ...options, threads, device: placed }), options.device);
}

function gpuFaultHere() {
  return gpuFault(loadNative().gpus(), readInstallation()?.architectures ?? []);
}

function describe({ native, settings }: TorchBackend, wanted: string): BackendDescription {
  const { torch, instructions, threads, gpu, kernels } = native.describe();
  const { device, precision, deterministic } = settings;
  const place = gpu
    ? `${gpu}, ${kernels ? 'our kernels' : 'without our kernels'}`
    : `${instructions}, ${counted(threads, 'thread')} a worker`;
  const repeatable = device === 'cpu' || deterministic;
  const warnings = [
    repeatable ? '' : '; not deterministic (--set backend.deterministic=true makes it so)',
    wanted === 'auto' && device === 'cpu' ? passedOver() : '',
  ];
  return {
    name: 'torch',
    description: `libtorch ${torch} on ${device}, ${precision} (${place})${warnings.join('')}`,
    numerics:
      `libtorch ${torch} ${device.split(':')[0]} ${precision}, ${place}, ` +
      `${repeatable ? 'deterministic' : 'not deterministic'}, dna-nas ${packageVersion()}`,
  };
}

/** Why `auto` took the CPU on a machine that has a GPU of some kind: `; it finds an NVIDIA driver for CUDA 12.4, …`. */
function passedOver(): string {
  if (readInstallation()?.cuda === null) return '';
  const fault = gpuFaultHere();
  return fault?.surprising ? `; it ${fault.reason}` : '';
}
