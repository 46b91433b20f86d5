import { resolveConfig } from 'dna-nas/configuration';
import type { ConfigurationDifference, JsonObject } from 'dna-nas/core';
import { builtInPresets } from 'dna-nas/core/plugin';
import { resultOptions, treeDifferences } from './configuration-differences.js';

/**
 * What a run has otherwise than its preset, as this version has it: values by `preset` and `run`. Undefined where it has
 * none of ours.
 */
export async function presetDifferences({
  preset,
  values,
}: {
  readonly preset?: string | null | undefined;
  readonly values: JsonObject;
}): Promise<ConfigurationDifference[] | undefined> {
  if (!preset || !builtInPresets().includes(preset)) return undefined;
  try {
    const known = await resolveConfig({ preset, configFile: false });
    return treeDifferences([
      ['preset', resultOptions(known.values)],
      ['run', resultOptions(values)],
    ]);
  } catch {
    // A preset that this version cannot resolve any more tells nothing.
    return undefined;
  }
}
