import type { DataDescription, GivenNetwork, NetworkPlan, SearchSpace } from './contracts/index.js';

/**
 * Reads a network that was given by name or text.
 * @throws DnaError where the space reads neither a network nor an architecture in it.
 */
export function planNetwork(space: SearchSpace, text: string): NetworkPlan {
  if (space.planNetwork) return space.planNetwork(text);
  const architecture = space.parseArchitecture(text);
  return {
    text: space.formatArchitecture(architecture),
    create: (options) => space.createNetwork(architecture, options),
  };
}

/** What files can be named after. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

/** A given network as the retrain stage takes it, and its layers for people. */
export function describeGiven(
  space: SearchSpace,
  data: DataDescription,
  text: string,
): { given: GivenNetwork; layers: string } {
  const plan = planNetwork(space, text);
  const { image, classes } = data;
  const { params, macs } = plan.create({ image, classes }).cost(image);
  return {
    given: { name: NAME.test(text) ? text : 'given', text, costs: { params, macs } },
    layers: plan.text,
  };
}
