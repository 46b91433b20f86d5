import { invalidConfig } from 'dna-nas/core/config';
import { show } from 'dna-nas/errors';
import { isPlainObject } from 'dna-nas/files';
import { noSmoke } from '../errors.js';
import type { Layer } from './layers.js';

/** What the layers say under `smoke`, weakest first, as layers of their own; the run gets a name of its own, too. */
export async function smokeLayers(
  layers: readonly Layer[],
  { project, preset }: { project: string; preset: string | null },
): Promise<Layer[]> {
  const offering = layers.filter(({ config }) => config.smoke !== undefined);
  if (offering.length === 0) throw noSmoke(layers.map(({ source }) => source));
  const name = layers.findLast(({ config }) => typeof config.name === 'string')?.config.name;
  const smoke = await Promise.all(offering.map((layer) => smokeLayer(layer, project)));
  const [first] = smoke;
  // A run that is short already, whose configuration is taken, has the ending.
  const named = String(name ?? preset ?? 'run').replace(/(-smoke)?$/, '-smoke');
  return [{ ...first!, config: { name: named } }, ...smoke];
}

async function smokeLayer({ source, config, folder }: Layer, project: string): Promise<Layer> {
  const given = typeof config.smoke === 'function' ? await config.smoke(project) : config.smoke;
  if (isPlainObject(given)) return { source: `smoke of ${source}`, config: given, folder };
  const expected = 'a configuration: an object of options by name';
  throw invalidConfig([{ path: 'smoke', source, found: show(given), expected }]);
}

/** A layer as it is without `--smoke`. */
export function withoutSmoke(layer: Layer): Layer {
  const { smoke: _, ...config } = layer.config;
  return { ...layer, config };
}
