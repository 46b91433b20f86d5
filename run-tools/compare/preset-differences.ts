import type { ConfigurationDifference, JsonObject } from 'dna-nas/core';
import { resolveConfig } from 'dna-nas/core/config';
import { builtInPresets } from 'dna-nas/core/plugin';
import { resultOptions, treeDifferences } from './configuration-differences.js';

/** Columns of what a run has otherwise than its preset. */
export const PRESET_COLUMNS = ['preset', 'run'] as const;

/** What a run has otherwise than its preset, as this version has it; undefined where it has none of ours. */
export async function presetDifferences({
  preset,
  values,
}: {
  readonly preset?: string | null | undefined;
  readonly values: JsonObject;
}): Promise<ConfigurationDifference[] | undefined> {
  if (!preset || !builtInPresets().includes(preset)) return undefined;
  const [ofPreset, ofRun] = PRESET_COLUMNS;
  try {
    const known = await resolveConfig({ preset, configFile: false });
    return treeDifferences([
      [ofPreset, resultOptions(known.values)],
      [ofRun, resultOptions(values)],
    ]);
  } catch {
    // A preset that this version cannot resolve any more tells nothing.
    return undefined;
  }
}
