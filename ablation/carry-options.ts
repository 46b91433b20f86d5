import type { Json } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { builtInDefinition, builtInPlugins, SLOTS, type SlotPath } from 'dna-nas/core/plugin';

/**
 * A setting that puts another plugin in a slot drops the options that were meant for the one before. In a grid only
 * the plugin is to differ: these are the options that the base sets and that the new plugin has too, by dotted path.
 * A plugin from a file gets none.
 */
export async function carriedOptions(
  base: ResolvedConfig,
  settings: Readonly<Record<string, Json>>,
): Promise<Record<string, Json>> {
  const carried: Record<string, Json> = {};
  for (const slot of Object.keys(SLOTS) as SlotPath[]) {
    const use = useOf(settings, slot);
    const name = use === undefined ? undefined : builtInName(slot, use);
    if (name === undefined) continue;
    const { options } = builtInDefinition(name);
    for (const [option, value] of givenOptions(base, slot)) {
      if (options && Object.hasOwn(options.properties, option)) carried[`${slot}.${option}`] = value;
    }
  }
  return carried;
}

function useOf(settings: Readonly<Record<string, Json>>, slot: SlotPath): string | undefined {
  const value = settings[`${slot}.use`] ?? settings[slot];
  const use = typeof value === 'object' ? (value as { use?: Json } | null)?.use : value;
  return typeof use === 'string' ? use : undefined;
}

function builtInName(slot: SlotPath, use: string): string | undefined {
  return [SLOTS[slot].prefix + use, use].find((name) => builtInPlugins().includes(name));
}

/** Options of a slot that somebody has set, those of the machine too. */
function givenOptions(base: ResolvedConfig, slot: SlotPath): [option: string, value: Json][] {
  const value = slot
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], base.values);
  const { use: _, ...options } = (value ?? {}) as Record<string, Json>;
  const machine = Object.entries(base.machine).filter(([path]) => path.startsWith(`${slot}.`));
  const all = [
    ...Object.entries(options),
    ...machine.map(([path, entry]): [string, Json] => [path.slice(slot.length + 1), entry]),
  ];
  return all.filter(([option]) => isGiven(base, `${slot}.${option}`));
}

function isGiven({ sources }: ResolvedConfig, path: string): boolean {
  if (Object.hasOwn(SLOTS, path)) return false;
  return Object.entries(sources).some(
    ([leaf, source]) => (leaf === path || leaf.startsWith(`${path}.`)) && source !== 'default',
  );
}
