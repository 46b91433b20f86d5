import type { BackendFault } from 'dna-nas/install';
import type { Gpus } from './binding.js';

/** Why no GPU can be used. */
export interface GpuFault extends BackendFault {
  /** Whether there is one all the same, or something of one, so that computing on the CPU is worth a word. */
  readonly surprising: boolean;
}

const ON_CPU = 'compute on the CPU: --set backend.device=cpu';

/**
 * Why the addon can use none of the machine's GPUs; undefined where it can.
 * @param architectures that our kernels are compiled for, as `installed.json` has them; none without kernels of ours
 */
export function gpuFault(gpus: Gpus, architectures: readonly string[]): GpuFault | undefined {
  const { runtime, error, capabilities } = gpus;
  if (runtime === 0) return fault('is installed without CUDA', 'Run `dna backend install torch --cuda`');
  if (error !== '') return driverFault(gpus);
  if (capabilities.length === 0) return fault('finds no GPU', 'Install where the GPU is', false);
  const lacking = capabilities.find((capability) => !isServed(capability, architectures));
  if (lacking === undefined || architectures.length === 0) return undefined;
  return fault(
    `finds a GPU of compute capability ${dotted(lacking)}, and its kernels are compiled for ${architectures.join(', ')}`,
    'Name the GPUs that it can use in CUDA_VISIBLE_DEVICES',
  );
}

/** The driver's CUDA must be of the runtime's major version or newer. */
function driverFault({ driver, runtime, error }: Gpus): GpuFault {
  const wanted = `CUDA ${version(runtime)}`;
  if (driver === 0)
    return fault('finds no NVIDIA driver (libcuda.so.1)', `Install one for ${wanted} or newer`, false);
  if (Math.floor(driver / 1000) < Math.floor(runtime / 1000)) {
    return fault(
      `finds an NVIDIA driver for CUDA ${version(driver)}, and one for ${wanted} or newer is wanted`,
      'Update the driver',
    );
  }
  if (/no CUDA-capable device/.test(error)) return fault('finds no GPU', 'Install where the GPU is', false);
  return fault(`cannot use the GPU: ${error}`, 'See that `nvidia-smi` works');
}

function fault(reason: string, mend: string, surprising = true): GpuFault {
  return { works: false, reason, fix: `${mend}, or ${ON_CPU}.`, surprising };
}

/** Machine code serves newer GPUs of its generation, `compute_…` all newer ones. */
function isServed(capability: number, architectures: readonly string[]): boolean {
  return architectures.some((architecture) => {
    const [kind, digits] = architecture.split('_');
    const least = Number(digits);
    if (kind === 'compute') return capability >= least;
    return capability >= least && Math.floor(capability / 10) === Math.floor(least / 10);
  });
}

function version(number: number): string {
  return `${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}`;
}

function dotted(capability: number): string {
  return `${Math.floor(capability / 10)}.${capability % 10}`;
}
