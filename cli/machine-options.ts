import { readSettings } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';

/** What `--set path=value` says of this machine, for a command on a run whose configuration is stored. */
export function readMachineOptions(settings: readonly string[]): JsonObject {
  return Object.fromEntries(readSettings(settings).map(({ path, value }) => [path, value]));
}
