import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** Settings that TensorFlow reads from the environment alone, when it is loaded. */
export interface EnvironmentSettings {
  readonly device: string;
  /** 0 for all cores. */
  readonly threads: number;
  readonly precision: 'float32' | 'tf32';
  readonly memoryGrowth: boolean;
  readonly log: boolean;
}

/**
 * Tells TensorFlow how it is to work. Only the main thread can set what libraries read, for all threads of the process,
 * and only before the first of them loads TensorFlow.
 */
export function setEnvironment(settings: EnvironmentSettings): void {
  if (!isMainThread) return;
  const { device, threads, precision, memoryGrowth, log } = settings;
  const visible = visibleDevices(device);
  if (visible !== undefined) process.env.CUDA_VISIBLE_DEVICES = visible;
  process.env.TF_NUM_INTRAOP_THREADS = String(threads || availableParallelism());
  process.env.TF_FORCE_GPU_ALLOW_GROWTH = String(memoryGrowth);
  if (precision === 'float32') process.env.NVIDIA_TF32_OVERRIDE = '0';
  if (log) delete process.env.TF_CPP_MIN_LOG_LEVEL;
  else process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
}

/** TensorFlow takes the last GPU that it sees, so that it may see the one alone that is meant. */
function visibleDevices(device: string): string | undefined {
  if (device === 'auto') return undefined;
  if (device === 'cpu') return '-1';
  const seen = (process.env.CUDA_VISIBLE_DEVICES ?? '').split(',').filter(Boolean);
  const index = Number(device.split(':')[1] ?? 0);
  return seen[index] ?? String(index);
}
