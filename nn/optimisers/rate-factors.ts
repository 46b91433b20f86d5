import type { NetworkTensor, Optimiser } from 'dna-nas/core/contracts';

/**
 * An optimiser whose parameters have rates of their own: a step's rate times `factorOf` their name. Its state is that of
 * the optimiser that it is made of.
 */
export function withRateFactors(optimiser: Optimiser, factorOf: (parameter: string) => number): Optimiser {
  return {
    step(parameters, gradients, learningRate) {
      for (const [factor, group] of byFactor(parameters, factorOf))
        optimiser.step(group, gradients, learningRate * factor);
    },
    state: () => optimiser.state(),
    load: (state) => optimiser.load(state),
    dispose: () => optimiser.dispose(),
  };
}

function byFactor(
  parameters: ReadonlyMap<string, NetworkTensor>,
  factorOf: (parameter: string) => number,
): Map<number, Map<string, NetworkTensor>> {
  const groups = new Map<number, Map<string, NetworkTensor>>();
  for (const [name, tensor] of parameters) {
    const factor = factorOf(name);
    const group = groups.get(factor) ?? new Map<string, NetworkTensor>();
    groups.set(factor, group.set(name, tensor));
  }
  return groups;
}
