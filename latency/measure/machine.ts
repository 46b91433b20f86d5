import { arch, cpus, platform } from 'node:os';

/** This machine in words. */
export function thisMachine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ${platform()} ${arch()}`;
}
