import { DnaError } from 'dna-nas/errors';
import type { Difference } from './assemble-network.js';

const USAGE = { exitCode: 2 };

/** A supernet's cells do not fit together as they are: `different` says where. */
export function bordersDiffer(different: readonly string[]): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be inherited, as blocks were trained between other channels than they have in the network: ${different.join('; ')}.`,
    'Search networks with the teacher’s channels between blocks: --set space.borders=teacher. Or take a network whose cells all have them, or train from scratch: --set retrain.from=scratch',
    USAGE,
  );
}

/** What a network of the space ends with is not what the teacher ends with. */
export function headDiffers({ text, wanted }: Difference): DnaError {
  const width = wanted ? ` For the space mbconv: --set space.head=${wanted.at(-1)}.` : '';
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be inherited: ${text}.`,
    `Give the networks of the space the teacher's head before the search.${width} Or train from scratch: --set retrain.from=scratch`,
    USAGE,
  );
}

/** Parts of supernet and teacher do not make the network. */
export function partsDiffer(problem: string): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be inherited: ${problem}.`,
    'Train the network from scratch: dna retrain, or --set retrain.from=scratch',
    USAGE,
  );
}

/** A run whose supernet was not trained, or is trained otherwise. */
export function notDistilled(run: string, problem: string): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The run ${run} has no weights that a network could inherit: ${problem}.`,
    'Name the run of a search that has trained its cells (distill: blockwise), at least with --until distill.',
    USAGE,
  );
}

/** No network was named, and the search has not ended. */
export function notSearched(run: string, network: string): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The run ${run} has not searched yet, so there is no network ${JSON.stringify(network)}.`,
    'Go on with it at least with --until search, or name an architecture: --network TEXT',
    USAGE,
  );
}
