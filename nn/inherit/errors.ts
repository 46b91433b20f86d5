import { DnaError } from 'dna-nas/errors';

const CODE = 'INHERITED_WEIGHTS';
const USAGE = { exitCode: 2 };

/** A supernet's cells do not fit together as they are: `different` says where. */
export function bordersDiffer(different: readonly string[]): DnaError {
  return new DnaError(
    CODE,
    `The weights cannot be inherited, as blocks were trained between other channels than they have in the network: ${different.join('; ')}.`,
    'Take a network whose cells all have the teacher’s channels, give the space such cells alone, or train from scratch: --set retrain.from=scratch',
    USAGE,
  );
}

/** Parts of supernet and teacher do not make the network. */
export function partsDiffer(problem: string): DnaError {
  return new DnaError(
    CODE,
    `The weights cannot be inherited: ${problem}.`,
    'Train the network from scratch: dna retrain, or --set retrain.from=scratch',
    USAGE,
  );
}
