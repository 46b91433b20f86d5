import type { Architecture, Network, TeacherRest } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { normEpsilons } from '../layers/index.js';
import { Module } from '../module.js';
import { tensorsBehind } from './assemble-network.js';

/** Where the weights of a calibrated network come from. */
interface Origin {
  readonly architecture: Architecture;
  readonly world: World;
  readonly head: TeacherRest;
}

/**
 * Batch norms add an epsilon to the variance: those of the cells the space's, those of the head the teacher's, and a
 * network may have another. Scales are changed so that each normalises as it was trained to.
 */
export function keepNorms(network: Network, { architecture, world, head }: Origin): void {
  if (!(network instanceof Module)) return;
  const { image, classes } = world.data;
  const trained = epsilonsOf(world.space.createNetwork(architecture, { image, classes }));
  const behind = [...tensorsBehind(network, image).keys()];
  [...head.tensors().keys()].forEach((name, at) => {
    const epsilon = head.epsilons?.get(normOf(name));
    if (epsilon !== undefined && behind[at] !== undefined) trained.set(normOf(behind[at]), epsilon);
  });
  const tensors = network.tensors();
  for (const [norm, own] of normEpsilons(network)) {
    const epsilon = trained.get(norm) ?? own;
    if (epsilon === own) continue;
    const [weight, variance] = ['weight', 'running_var'].map((name) => tensors.get(`${norm}${name}`)!);
    const variances = variance!.value.dataSync();
    const scales = weight!.value.dataSync<'float32'>();
    weight!.set(
      scales.map((scale, at) => scale * Math.sqrt((variances[at]! + own) / (variances[at]! + epsilon))),
    );
  }
}

const epsilonsOf = (network: Network) =>
  network instanceof Module ? normEpsilons(network) : new Map<string, number>();

/** `blocks.0.0.bn1.` of `blocks.0.0.bn1.weight` */
function normOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.') + 1);
}
