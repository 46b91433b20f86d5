import { imageNetWeights } from 'dna-nas/nn/networks';
import { noPublishedWeights, wrongReference } from './errors.js';

/** One file of a repository of the Hugging Face hub. */
export interface HubReference {
  /** Owner and name: `timm/tf_efficientnet_b0.ns_jft_in1k`. */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Path in the repository. */
  readonly file: string;
}

const SCHEME = 'hf:';
const PATTERN = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?(?:\/([\w./-]+))?$/;
const OWNER = 'timm';
const FILE = 'model.safetensors';

/** Whether the option `weights` speaks of the hub, rightly or not. */
export function isHubReference(weights: string): boolean {
  return weights.startsWith(SCHEME);
}

/**
 * Reads `hf:OWNER/NAME`, `hf:OWNER/NAME@REVISION` and either with `/FILE` behind it.
 * @throws DnaError `WEIGHTS_REFERENCE`
 */
export function parseHubReference(text: string): HubReference {
  const [, repository, revision = 'main', file = FILE] = PATTERN.exec(text) ?? [];
  const parts = [repository ?? '..', revision, file].flatMap((part) => part.split('/'));
  if (repository === undefined || parts.some((part) => /^\.*$/.test(part))) throw wrongReference(text);
  return { repository, revision, file };
}

/** The reference as `parseHubReference` reads it, without what is left to the defaults. */
export function formatHubReference({ repository, revision, file }: HubReference): string {
  return `${SCHEME}${repository}${revision === 'main' ? '' : `@${revision}`}${file === FILE ? '' : `/${file}`}`;
}

/** timm's default weights of a network. @throws DnaError `WEIGHTS_REFERENCE` where it publishes none */
export function publishedReference(architecture: string | undefined): HubReference {
  const known = architecture === undefined ? undefined : imageNetWeights(architecture);
  if (known?.tag === undefined) throw noPublishedWeights(architecture);
  return { repository: `${OWNER}/${known.network}.${known.tag}`, revision: 'main', file: FILE };
}

/** Name of the network whose weights timm publishes in a repository; undefined for others'. */
export function networkOf({ repository }: HubReference): string | undefined {
  const name = repository.slice(repository.indexOf('/') + 1);
  return imageNetWeights(name) && name;
}
