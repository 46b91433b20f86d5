/** Compiler and headers of CUDA: the addon's own kernels need them, libtorch does not ask for them. */
const COMPILERS = ['nvcc', 'nvvm', 'crt', 'cccl'];
/** Libraries that `libtorch_cpu.so` itself is linked with. */
const LOADED_ALWAYS = ['cudart', 'cupti'];
const LOADED_ALWAYS_NAMES = /^nvidia-cuda-(runtime|cupti)\b/;

/**
 * What pip is to download of CUDA, from what torch's wheel requires: everything of NVIDIA's with the compiler, or the
 * two libraries without which not even the CPU part loads. Nothing for a wheel without CUDA.
 */
export function cudaRequirements(required: readonly string[], cuda: boolean): string[] {
  return required.flatMap((line) => {
    const [requirement = '', marker = ''] = line.split(';').map((part) => part.trim());
    if (/\bextra\b|win32|Windows|Darwin|aarch64/.test(marker)) return [];
    const toolkit = /^cuda-toolkit\[([^\]]*)\]\s*(==.*)$/.exec(requirement);
    if (toolkit) {
      const [, extras = '', version = ''] = toolkit;
      const parts = cuda ? [...new Set([...extras.split(','), ...COMPILERS])] : LOADED_ALWAYS;
      return [`cuda-toolkit[${parts.join(',')}]${version}`];
    }
    if (!requirement.startsWith('nvidia-')) return [];
    return cuda || LOADED_ALWAYS_NAMES.test(requirement) ? [requirement] : [];
  });
}
