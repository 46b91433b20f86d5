import type { JsonObject, OptionsDerivation } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type { UserConfig } from '../user-config.js';
import type { Layer } from './layers.js';

/** A configuration, and what its plugins leave to the teacher, by their slots. */
export interface UnderivedConfig {
  readonly config: ResolvedConfig;
  readonly derivations: ReadonlyMap<string, () => Promise<OptionsDerivation>>;
}

interface DeriveTools {
  readonly project: string;
  resolveAll(layers: readonly Layer[]): Promise<UnderivedConfig>;
}

/** Resolves layers, with the values that the preset makes of the data and plugins of the teacher. */
export async function withDerived(layers: readonly Layer[], tools: DeriveTools): Promise<ResolvedConfig> {
  const { project } = tools;
  const complete = async (all: readonly Layer[]) => withPluginValues(await tools.resolveAll(all), project);
  const config = await complete(layers);
  const place = layers.findLastIndex(({ derive }) => derive);
  if (place < 0) return config;
  // Like the values of a recipe: over the preset's own, under everything that a user says.
  const resolveWith = (values: UserConfig) =>
    complete(
      layers.toSpliced(place + 1, 0, { source: 'recipe auto', config: { ...values }, folder: project }),
    );
  const { deriveValues } = await import('./derive.js');
  const derived = await deriveValues(layers[place]!.derive!, config, { project, resolveWith });
  if (!derived) return config;
  const { sources, ...resolved } = await resolveWith(derived.values);
  const isDerived = ([path]: [string, string]) =>
    Object.entries(sources).some(
      ([known, source]) => source === 'recipe auto' && (known === path || known.startsWith(`${path}.`)),
    );
  const reasons = Object.fromEntries(Object.entries(derived.reasons).filter(isDerived));
  return { ...resolved, sources, reasons: { ...resolved.reasons, ...reasons } };
}

/** Puts what plugins make of the teacher in the place of the words for it. Without a teacher the words stay. */
async function withPluginValues(
  { config, derivations }: UnderivedConfig,
  project: string,
): Promise<ResolvedConfig> {
  const hasTeacher = config.plugins.some(({ slot }) => slot === 'teacher');
  if (derivations.size === 0 || !hasTeacher) return config;
  const { cutBlocks } = await import('./derive.js');
  const blocks = await cutBlocks(config, project);
  let all = config;
  for (const [slot, load] of derivations) {
    const { values, reasons } = (await load())(blocks);
    all = replaced(all, { slot, values: values as JsonObject, reasons });
  }
  return all;
}

interface Replacement {
  readonly slot: string;
  readonly values: JsonObject;
  readonly reasons: Readonly<Record<string, string>>;
}

function replaced(config: ResolvedConfig, { slot, values, reasons }: Replacement): ResolvedConfig {
  const told = Object.entries(reasons).map(([option, reason]) => [`${slot}.${option}`, reason]);
  const plugins = config.plugins.map((plugin) => {
    if (plugin.slot !== slot) return plugin;
    const { reference } = plugin;
    return { ...plugin, reference: { ...reference, options: { ...reference.options, ...values } } };
  });
  return {
    ...config,
    values: { ...config.values, [slot]: { ...(config.values[slot] as JsonObject), ...values } },
    plugins,
    reasons: { ...config.reasons, ...Object.fromEntries(told) },
  };
}
