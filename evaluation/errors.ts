import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };
const NAME = '--checkpoint FILE';

/** A run has trained no network yet, or not the one that is asked for; `known` are those that it has. */
export function runWithoutNetworks(
  folder: string,
  network: string | undefined,
  known: readonly string[],
): DnaError {
  const missing = network === undefined || known.length === 0 ? 'no network yet' : `no network "${network}"`;
  return new DnaError(
    'EVALUATE_NOTHING',
    `The run ${folder} has trained ${missing}.`,
    known.length > 0
      ? `It has ${known.join(', ')}.`
      : 'Go on with the run (the command that started it), or name another one.',
    USAGE,
  );
}

/** Network and images do not belong together. */
export function otherClasses(
  network: { name: string; classes: number },
  data: { name: string; classes: number },
): DnaError {
  return new DnaError(
    'EVALUATE_CLASSES',
    `The network ${network.name} tells ${network.classes} classes apart, and the images of ${data.name} are of ${data.classes}.`,
    'Name the file of all classes in the network’s order, --classes FILE (a class a line, its folder’s name first), or the weights of another network.',
    USAGE,
  );
}

/** A split has no images, or they have other channels than the network takes. */
export function otherImages(network: string, data: string, problem: string): DnaError {
  return new DnaError(
    'EVALUATE_IMAGES',
    `The network ${network} cannot be measured on ${data}: ${problem}.`,
    'Take another --split or --data.',
    USAGE,
  );
}

/** There is no file by this name; `close` is what was most likely meant. */
export function checkpointMissing(checkpoint: string, close: string | undefined): DnaError {
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The weights "${checkpoint}" are no file of the project.`,
    close === undefined ? `Name their file, ${NAME}.` : `Did you mean --checkpoint ${close}?`,
    USAGE,
  );
}

/** The file is there and is not of this network. */
export function checkpointUnusable(file: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The weights ${file} cannot be used: ${reason}`,
    `Name the weights of this network, ${NAME}: safetensors, or what torch.save(model.state_dict(), FILE) writes.`,
    { cause },
  );
}
