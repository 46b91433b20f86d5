import { existsSync, readFileSync } from 'node:fs';

/**
 * The most memory that this process has held, in MiB. Where the system says it, of this process alone: what it counts as
 * a process's greatest begins elsewhere with what the one that started it held.
 */
export function peakMegabytes() {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024;
}
