import type { Json } from 'dna-nas/core';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { depthOf } from 'dna-nas/core/space';
import type { NetworkResult, RunSummary } from 'dna-nas/core/stages';
import { counted } from 'dna-nas/errors';
import { csvLine } from 'dna-nas/run-tools/words';

/** One network and its trainings, by their seeds. */
interface TrainedNetwork {
  readonly architecture: string;
  readonly trainings: readonly NetworkResult[];
}

/** What the trainings have in common. */
export interface TruthContext {
  readonly space: SearchSpace;
  /** The run's configuration. */
  readonly values: Readonly<Record<string, Json>>;
}

/** What makes the accuracies what they are. */
const RECIPE = ['seed', 'backend', 'data', 'space', 'retrain'];

/**
 * A row a network: its text, the mean of its test accuracies (0 to 1), multiply-adds, parameters, depth (layers that
 * compute something), then the accuracy by each seed. Comments before it tell the recipe. RFC 4180, but for the
 * comments.
 */
export function formatTruth(summary: RunSummary, { space, values }: TruthContext): string {
  const networks = byArchitecture(summary.networks);
  const seeds = networks[0]?.trainings.map(({ seed }) => seed!) ?? [];
  const images = networks[0]?.trainings[0]?.images;
  const header = ['architecture', 'accuracy', 'macs', 'params', 'depth'];
  const lines = [
    `# ${networks.length} networks, each trained alone by ${counted(seeds.length, 'seed')}; test accuracy of ${images} images`,
    ...RECIPE.filter((name) => values[name] !== undefined).map(
      (name) => `# ${name}: ${JSON.stringify(values[name])}`,
    ),
    csvLine([...header, ...seeds.map((seed) => `accuracy_${seed}`)]),
    ...networks.map((network) => csvLine(row(network, space))),
  ];
  return `${lines.join('\n')}\n`;
}

function byArchitecture(results: readonly NetworkResult[]): TrainedNetwork[] {
  const groups = new Map<string, NetworkResult[]>();
  for (const result of results) {
    const { architecture = '' } = result;
    groups.set(architecture, [...(groups.get(architecture) ?? []), result]);
  }
  return [...groups].map(([architecture, trainings]) => ({ architecture, trainings }));
}

function row({ architecture, trainings }: TrainedNetwork, space: SearchSpace): (string | number)[] {
  const [{ macs, params }] = trainings as [NetworkResult];
  const accuracies = trainings.map(({ top1 }) => top1);
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
  return [
    architecture,
    Number(mean.toFixed(6)),
    macs,
    params,
    depthOfText(architecture, space),
    ...accuracies,
  ];
}

/** A network that is outside of the space has no depth to tell. */
function depthOfText(text: string, space: SearchSpace): number | '' {
  try {
    return depthOf(space, space.parseArchitecture(text));
  } catch {
    return '';
  }
}
