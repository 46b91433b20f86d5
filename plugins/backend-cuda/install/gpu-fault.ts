/** NVIDIA's wheels by the libraries that TensorFlow loads from them. */
const WHEELS: readonly (readonly [RegExp, string])[] = [
  [/^libcudnn/, 'nvidia-cudnn-cu12'],
  [/^libcudart/, 'nvidia-cuda-runtime-cu12'],
  [/^libcublas/, 'nvidia-cublas-cu12'],
  [/^libcufft/, 'nvidia-cufft-cu12'],
  [/^libcurand/, 'nvidia-curand-cu12'],
  [/^libcusolver/, 'nvidia-cusolver-cu12'],
  [/^libcusparse/, 'nvidia-cusparse-cu12'],
  [/^libcupti/, 'nvidia-cuda-cupti-cu12'],
  [/^libnccl/, 'nvidia-nccl-cu12'],
  [/^libnvrtc/, 'nvidia-cuda-nvrtc-cu12'],
];

/** Why TensorFlow takes no GPU, out of what it prints; undefined where it does not say. */
export function gpuFault(output: string): string | undefined {
  return missingLibrary(output) ?? unsupportedGpu(output) ?? driverFault(output);
}

function missingLibrary(output: string): string | undefined {
  const [, file] = /Could not load dynamic library '([^']+)'/.exec(output) ?? [];
  if (file === undefined) {
    return /Cannot dlopen some GPU libraries/.test(output)
      ? 'some of CUDA’s libraries are missing; pip’s `tensorflow[and-cuda]` has all of them'
      : undefined;
  }
  if (/^libcuda\.so/.test(file)) return `there is no NVIDIA driver (${file}): install the one of the GPU`;
  const wheel = WHEELS.find(([pattern]) => pattern.test(file))?.[1];
  return `${file} is missing${wheel === undefined ? '' : `; it is in the wheel ${wheel} (\`python3 -m pip install ${wheel}\`)`}`;
}

function unsupportedGpu(output: string): string | undefined {
  const found =
    /name: ([^,]+),.*with Cuda compute capability (\d+\.\d+)\. The minimum required Cuda capability is (\d+\.\d+)/.exec(
      output,
    );
  if (!found) return undefined;
  const [, name, capability, least] = found;
  return `the GPU (${name}) has compute capability ${capability}, and this TensorFlow needs ${least} or newer`;
}

function driverFault(output: string): string | undefined {
  const [, reason] = /failed call to cuInit: (.*)/.exec(output) ?? [];
  if (reason !== undefined) return `the NVIDIA driver does not start (${reason.trim()})`;
  return /Could not find cuda drivers/i.test(output)
    ? 'there is no NVIDIA driver: install the one of the GPU'
    : undefined;
}
