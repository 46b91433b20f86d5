import { DnaError } from 'dna-nas/errors';
import type { Difference } from './assemble-network.js';

const USAGE = { exitCode: 2 };

/** A supernet's cells do not fit together as they are: `different` says where. */
export function bordersDiffer(different: readonly string[]): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be inherited, as blocks were trained between other channels than they have in the network: ${different.join('; ')}.`,
    'Search networks with the teacher’s channels between blocks: --set space.borders=teacher. Or take a network whose cells all have them, start from weights that are cut to fit: --set retrain.from=sliced, or from scratch: --set retrain.from=scratch',
    USAGE,
  );
}

/** What a network of the space ends with is not what the teacher ends with. */
export function headDiffers({ text, wanted }: Difference): DnaError {
  const width = wanted ? ` For the space mbconv: --set space.head=${wanted.at(-1)}.` : '';
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be inherited: ${text}.`,
    `Give the networks of the space the teacher's head before the search.${width} Or start from weights that are cut to fit: --set retrain.from=sliced, or from scratch: --set retrain.from=scratch`,
    USAGE,
  );
}

/** The distillation trains cells behind one another, or in other tasks. */
export function cellsNotAlone(): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    'There are no weights to inherit: this distillation does not train every cell of the space on the teacher’s features.',
    'Say --set distill=blockwise, or train networks from scratch: --set retrain.from=scratch',
    USAGE,
  );
}

/** Layers at the ends of blocks are of a kind that cannot be cut to other channels. */
export function layersNotSliceable(operations: readonly string[]): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be cut to the channels that networks have between blocks: only MBConv layers can, and the space has ${operations.map((name) => JSON.stringify(name)).join(', ')} there.`,
    'Give the cells of the space the teacher’s channels, or train from scratch: --set retrain.from=scratch',
    USAGE,
  );
}

/** The head of the networks is none that can be cut out of the teacher's. */
export function headNotSliceable(own: readonly string[], trained: readonly string[]): DnaError {
  return new DnaError(
    'INHERITED_WEIGHTS',
    `The weights cannot be cut to the head of the networks: it has ${own.join(', ')}, and the teacher's has ${trained.join(', ')}.`,
    'Take a teacher that ends with a 1×1 convolution, a batch norm and a classifier of the same classes, or train from scratch: --set retrain.from=scratch',
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
