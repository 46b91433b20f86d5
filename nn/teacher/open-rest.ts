import type { TeacherRest } from 'dna-nas/core/contracts';
import { normEpsilons } from '../layers/index.js';
import type { Tensor2D } from '../tensor.js';
import type { StagedModule } from './staged-module.js';

/** What follows a stage of a network, which it takes over; only tensors that it uses stay. */
export function openRest(network: StagedModule, stage: number): TeacherRest {
  const used = network.tensorsBehind!(stage);
  for (const [name, tensor] of network.tensors()) if (!used.has(name)) tensor.dispose();
  return {
    forward: (features, context) => network.forwardFrom!(features, context, stage) as Tensor2D,
    tensors: () => used,
    epsilons: normEpsilons(network),
    dispose: () => network.dispose(),
  };
}
