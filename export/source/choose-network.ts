import type { SearchSpace } from 'dna-nas/core/contracts';
import { planNetwork } from 'dna-nas/core/space';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { loadTrained, type TrainedNetwork, trainedNetworks } from 'dna-nas/run-tools';
import { notTrained, trainedSeveralTimes } from '../errors.js';

/** What the search of a run found. */
const FOUND = 'found';

export interface Choice {
  readonly folder: AttachedRunFolder;
  readonly space: SearchSpace;
  /** As the user named the run. */
  readonly run: string;
  /** Name or architecture. @default the found one, or the only one */
  readonly network: string | undefined;
}

/** The name of the network that is asked for. @throws DnaError `EXPORT_NETWORK` */
export function chooseNetwork({ folder, space, run, network }: Choice): string {
  const all = trainedNetworks(folder);
  const counting = all.filter(({ beside }) => !beside);
  const names = counting.map(({ name }) => name);
  if (network === undefined) {
    if (names.includes(FOUND) || names.length === 1) return names.includes(FOUND) ? FOUND : names[0]!;
    throw notTrained(run, undefined, names);
  }
  if (all.some(({ name }) => name === network)) return network;
  const [first, ...others] = counting.filter((one) => isOf(one, { folder, space, text: network }));
  if (!first) throw notTrained(run, network, names);
  if (others.length > 0)
    throw trainedSeveralTimes({ run, network, known: [first, ...others].map(({ name }) => name) });
  return first.name;
}

/** Whether a trained network has this architecture, however it is written. */
function isOf(
  one: TrainedNetwork,
  { folder, space, text }: { folder: AttachedRunFolder; space: SearchSpace; text: string },
): boolean {
  const trained = String(loadTrained(folder, one).json.architecture);
  return trained === text || sameLayers(space, trained, text);
}

/** A text that the space cannot read is no network's. */
function sameLayers(space: SearchSpace, ...texts: readonly [string, string]): boolean {
  try {
    const [one, other] = texts.map((text) => planNetwork(space, text).text);
    return one === other;
  } catch {
    return false;
  }
}
