import { readInstallation } from 'dna-nas/plugins/backend-cuda';
import { describe, it } from 'vitest';

/** A suite that needs the backend; where it is not installed one skipped test says so. */
export function describeCuda(name: string, suite: () => void): void {
  if (readInstallation()) describe(name, suite);
  else it.skip(`${name}: the cuda backend is not installed here (dna backend install cuda)`, () => {});
}
