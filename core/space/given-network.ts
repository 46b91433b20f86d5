import type { DataDescription, NetworkPlan, SearchSpace } from '../contracts/index.js';
import type { JsonObject } from '../plugin/plugin.js';
import type { GivenNetwork } from '../stages/index.js';

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

/** What a run was given to train. */
export interface Given {
  readonly networks: readonly GivenNetwork[];
  /** The one network's layers, or how many networks there are. */
  readonly text: string;
}

/** The networks that a configuration gives, as the retrain stage takes them. */
export function describeGiven(space: SearchSpace, data: DataDescription, values: JsonObject): Given {
  const { architecture, architectures, trainings = 1 } = values as GivenValues;
  return architectures === undefined
    ? describeOne(space, data, architecture!)
    : describeSeveral(space, data, { texts: architectures, trainings });
}

interface GivenValues {
  readonly architecture?: string;
  readonly architectures?: readonly string[];
  readonly trainings?: number;
}

function describeOne(space: SearchSpace, data: DataDescription, text: string): Given {
  const { plan, costs } = priceNetwork(space, data, text);
  return { networks: [{ name: NAME.test(text) ? text : 'given', text, costs }], text: plan.text };
}

/** Each as often as it is to be trained: `n1-s1`, `n1-s2`, …, with seeds 1, 2, … */
function describeSeveral(
  space: SearchSpace,
  data: DataDescription,
  { texts, trainings }: { readonly texts: readonly string[]; readonly trainings: number },
): Given {
  const networks = texts.flatMap((text, index) => {
    const { costs } = priceNetwork(space, data, text);
    const name = `n${String(index + 1).padStart(String(texts.length).length, '0')}`;
    return Array.from({ length: trainings }, (_, training) => {
      const seed = training + 1;
      return { name: `${name}-s${seed}`, text, costs, seed };
    });
  });
  return { networks, text: `${texts.length} given networks` };
}

function priceNetwork(
  space: SearchSpace,
  { image, classes }: DataDescription,
  text: string,
): { plan: NetworkPlan; costs: GivenNetwork['costs'] } {
  const plan = planNetwork(space, text);
  const { params, macs } = plan.create({ image, classes }).cost(image);
  return { plan, costs: { params, macs } };
}
