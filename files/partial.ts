import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ENDING = /\.partial-(\d+)$/;

/** Name under which a file or folder is made until it is whole and renamed. */
export function partial(target: string): string {
  return `${target}.partial-${process.pid}`;
}

/** Whether a name is one of these. */
export function isPartial(name: string): boolean {
  return ENDING.test(name);
}

/** Removes what processes that are gone left half made in a folder. */
export function sweepPartial(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = ENDING.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
