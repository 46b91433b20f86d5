import type { ValueSource } from 'dna-nas/core/config';
import { SLOTS, type SlotPath } from 'dna-nas/core/plugin';
import { type DescribedTarget, describeTarget, type Location, locatePlugin, locateUse } from './locate.js';
import type { Merged } from './merge.js';
import { type Choice, type ParsedLayer, readLayer } from './read-layer.js';
import type { Resolution } from './resolution.js';

const TOP_SLOTS = (Object.keys(SLOTS) as SlotPath[]).filter((path) => !path.includes('.'));

/** Whether values come from a plugin's recipe. */
export function isRecipe(source: ValueSource): boolean {
  return source.startsWith('recipe ');
}

/**
 * Puts the values of a recipe that a layer chooses right below that layer: over everything weaker, under what the
 * layer itself says. The strongest layer that chooses one counts; all `--set` are one layer in this.
 */
export async function withRecipes(
  layers: readonly ParsedLayer[],
  resolution: Resolution,
): Promise<readonly ParsedLayer[]> {
  const below = new Map<ParsedLayer, ParsedLayer[]>();
  const firstSetting = layers.find(isSetting);
  for (const path of TOP_SLOTS) {
    for (const [index, layer] of [...layers.entries()].reverse()) {
      const weaker = isSetting(layer) ? layers : layers.slice(0, index + 1);
      const recipe = await readRecipe(layer, { path, weaker }, resolution);
      if (!recipe) continue;
      const above = isSetting(layer) ? firstSetting! : layer;
      below.set(above, [...(below.get(above) ?? []), recipe]);
      break;
    }
  }
  return layers.flatMap((layer) => [...(below.get(layer) ?? []), layer]);
}

function isSetting({ layer }: ParsedLayer): boolean {
  return layer.source === '--set';
}

/** The values of the recipe that a layer chooses in a slot, as a layer. */
async function readRecipe(
  layer: ParsedLayer,
  { path, weaker }: { path: SlotPath; weaker: readonly ParsedLayer[] },
  { project, problems }: Resolution,
): Promise<ParsedLayer | undefined> {
  const options = Object.entries(layer.slots.get(path)?.options ?? {});
  if (!options.some(([, value]) => typeof value === 'string')) return undefined;
  const choices = weaker.flatMap((one) => one.slots.get(path) ?? []);
  const chosen = choices.findLast((choice) => choice.use !== undefined || choice.plugin);
  const location = chosen && (await locate(chosen, path, project));
  if (!location) return undefined;
  const { definition: { recipes } = {} } = await describeTarget(location, project);
  const name = options.find(([option]) => option === recipes?.option)?.[1];
  if (typeof name !== 'string' || !Object.hasOwn(recipes!.bundles, name)) return undefined;
  const bundle = recipes!.bundles[name]!;
  const config = { ...bundle, [path]: { use: location.use, ...(bundle[path] as object) } };
  return readLayer({ source: `recipe ${name}`, config, folder: project }, problems);
}

async function locate(choice: Choice, path: SlotPath, project: string): Promise<Location | undefined> {
  const location = choice.plugin
    ? await locatePlugin(choice, SLOTS[path], project)
    : locateUse(choice, SLOTS[path], project);
  // What cannot be located is reported where the slot is put together.
  return 'module' in location ? location : undefined;
}

/** Options without those that a recipe sets: it replaces what is weaker, where another layer would be laid over it. */
export function withoutReplaced(options: Merged, { options: replaced }: Choice): Merged {
  return without(options, Object.keys(replaced));
}

/** Leaves out what a recipe wishes of a plugin that has no such option. */
export function withoutVainWishes(options: Merged, { definition }: DescribedTarget): Merged {
  const known = definition?.options?.properties ?? {};
  const vain = Object.keys(options.values).filter(
    (name) => !Object.hasOwn(known, name) && sourcesOf(options, name).every(isRecipe),
  );
  return without(options, vain);
}

function without(options: Merged, names: readonly string[]): Merged {
  if (names.length === 0) return options;
  const keep = (path: string) => !names.includes(path.split('.')[0]!);
  return {
    values: Object.fromEntries(Object.entries(options.values).filter(([name]) => keep(name))),
    sources: new Map([...options.sources].filter(([path]) => keep(path))),
  };
}

function sourcesOf({ sources }: Merged, name: string): ValueSource[] {
  return [...sources]
    .filter(([path]) => path === name || path.startsWith(`${name}.`))
    .map(([, source]) => source);
}
