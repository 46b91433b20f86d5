import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest, nearestFile } from 'dna-nas/errors';
import { weightsAbsolute } from 'dna-nas/nn/teacher';
import { noWeights, weightsMissing } from '../errors.js';
import type { TeacherEfficientnetOptions } from '../options.js';
import { type CachedFile, cachedHubFile, type HubTools } from './hub-cache.js';
import { isHubReference, networkOf, parseHubReference, publishedReference } from './hub-reference.js';

const EXTENSION = '.safetensors';

/** `presets/weights` of the package, seen from its `dist/plugins/teacher-efficientnet/weights`. */
const SHIPPED = fileURLToPath(new URL('../../../../presets/weights', import.meta.url));

/** `weights` of a network that nobody trained, drawn from the run's seed. */
export const UNTRAINED = 'untrained';

/** `weights` for timm's default ones of the named network. */
export const PRETRAINED = 'pretrained';

/** Where a teacher's weights lie on this disk. */
export interface WeightsLocation {
  readonly file: string;
  /** What the hub says that the file is. */
  readonly cached?: CachedFile;
  /** Network with tag, if the location tells it: `tf_efficientnet_b0.ns_jft_in1k`. */
  readonly network?: string;
}

export type WeightsOptions = Pick<TeacherEfficientnetOptions, 'architecture' | 'weights' | 'weightsFile'>;

/** Names of the weights that come with the package. */
export function shippedWeights(): string[] {
  if (!existsSync(SHIPPED)) return [];
  const files = readdirSync(SHIPPED).filter((file) => file.endsWith(EXTENSION));
  return files.map((file) => file.slice(0, -EXTENSION.length)).sort();
}

/** Finds, or downloads, the file that the options name. @throws DnaError `TEACHER_WEIGHTS`, `WEIGHTS_…` */
export async function findWeights(
  options: WeightsOptions,
  { project, ...tools }: HubTools & { readonly project: string },
): Promise<WeightsLocation> {
  const { architecture, weights, weightsFile } = options;
  const name = typeof architecture === 'string' ? architecture : undefined;
  const isPretrained = weights === PRETRAINED && !existsSync(resolve(project, PRETRAINED));
  const onHub = isPretrained || (weights !== undefined && isHubReference(weights));
  if (!onHub) return { file: locate(options, project) };
  const reference = isPretrained ? publishedReference(name) : parseHubReference(weights!);
  const network = networkOf(reference);
  const told = network === undefined ? {} : { network };
  if (weightsFile !== undefined) return { file: locate(options, project), ...told };
  const cached = await cachedHubFile(reference, tools);
  return { file: cached.file, cached, ...told };
}

function locate({ weights, weightsFile }: WeightsOptions, project: string): string {
  const shipped = shippedWeights();
  const named = weightsFile ?? weights;
  if (named === undefined) throw noWeights(shipped);
  if (weightsFile === undefined && shipped.includes(named)) return join(SHIPPED, named + EXTENSION);
  if (weightsFile === undefined && isAbsolute(named)) throw weightsAbsolute(named);
  const file = resolve(project, named);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    const words = [...shipped, PRETRAINED, UNTRAINED];
    throw weightsMissing(named, shipped, nearest(named, words) ?? nearestFile(file, named));
  }
  return file;
}
