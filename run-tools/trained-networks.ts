import type { FeatureShape, NetworkPlan, SearchSpace } from 'dna-nas/core/contracts';
import { planNetwork } from 'dna-nas/core/space';
import type { TaskState } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';

/** A network whose training in a run has ended. */
export interface TrainedNetwork {
  /** `found`, `random`, `n1-s1`; `found-best` stands beside `found`. */
  readonly name: string;
  /** Whether its weights stand beside those that count: of the best epoch, or without the moving average. */
  readonly beside: boolean;
}

const RESULT = /^retrain-(.+)$/;
const BESIDE = /-(best|raw)$/;

/** The networks that a run has trained from scratch, in alphabetical order. */
export function trainedNetworks(folder: AttachedRunFolder): TrainedNetwork[] {
  const names = folder.resultIds().flatMap((id) => RESULT.exec(id)?.[1] ?? []);
  return names.map((name) => ({ name, beside: BESIDE.test(name) }));
}

/**
 * What the result of a retraining says, and its weights by timm's names.
 * @throws DnaError `STORE_CORRUPT` if it is not what was committed.
 */
export function loadTrained(folder: AttachedRunFolder, { name }: Pick<TrainedNetwork, 'name'>): TaskState {
  return folder.loadResult(`retrain-${name}`)!;
}

/** What a network was trained as: how to make it again. */
export interface TrainedShape {
  readonly architecture: string;
  readonly image: FeatureShape;
  readonly classes: number;
  /** Of batch norm, where it is not the space's. */
  readonly batchNormEpsilon?: number | undefined;
}

/** How to make a trained network again, without its weights. @throws DnaError where the space cannot read it */
export function planTrained(
  space: SearchSpace,
  { architecture, image, classes, batchNormEpsilon: epsilon }: TrainedShape,
): Pick<NetworkPlan, 'text'> & { create(): ReturnType<NetworkPlan['create']> } {
  const plan = planNetwork(space, architecture);
  const batchNorm = epsilon === undefined ? {} : { batchNorm: { epsilon } };
  return { text: plan.text, create: () => plan.create({ image, classes, ...batchNorm }) };
}
