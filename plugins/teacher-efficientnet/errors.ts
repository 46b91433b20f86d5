import { DnaError, either } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

const GET_WEIGHTS =
  'Set teacher.weights to pretrained, which downloads timm’s, or to a file: train one with ' +
  '`dna teacher train --out teacher.safetensors`, or save a timm model, ' +
  '`torch.save(timm.create_model("tf_efficientnet_b0", pretrained=True).state_dict(), "teacher.pth")`.';

/** How the message begins where tensors are missing, left over or of another shape. */
const OTHER_NETWORK = 'These weights are of another network';

/** What PyTorch files of more than tensors need. */
function torchHint(cause: unknown): string | undefined {
  return cause instanceof DnaError && cause.code === 'TORCH_UNSUPPORTED' ? cause.hint : undefined;
}

/** Nothing says what a teacher is to be trained on. */
export function noTrainingData(): DnaError {
  return new DnaError(
    'USAGE',
    '`dna teacher train` needs images to train on, and --data is not given.',
    "Name them: --data imagenet --data-options '{ path: ./photos }' for folders of images, or --data idx, Fashion-MNIST, of which the quickstart's teacher learns.",
    USAGE,
  );
}

/** The file that a teacher would be written to is there. */
export function teacherThere(file: string): DnaError {
  return new DnaError(
    'TEACHER_THERE',
    `${file} is here already.`,
    'Name another file, --out FILE, or have this one written over: --force.',
    USAGE,
  );
}

/** Neither `weights` nor `weightsFile` is set. */
export function noWeights(shipped: readonly string[]): DnaError {
  const known = shipped.length > 0 ? ` With the package come ${either(shipped)}.` : '';
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The teacher has no weights: the option weights is not set.${known}`,
    GET_WEIGHTS,
    USAGE,
  );
}

/** The file that the options name is not there; `close` is what was most likely meant. */
export function weightsMissing(
  weights: string,
  shipped: readonly string[],
  close: string | undefined,
): DnaError {
  const known = shipped.length > 0 ? `, and no weights of the package (${shipped.join(', ')})` : '';
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The teacher's weights "${weights}" are not there: there is no such file in the project${known}.`,
    close === undefined ? GET_WEIGHTS : `Did you mean --set teacher.weights=${close}?`,
    USAGE,
  );
}

/** The file is there and is not this teacher's. */
export function weightsUnusable(file: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The teacher's weights ${file} cannot be used: ${reason}`,
    reason.startsWith(OTHER_NETWORK)
      ? 'Name the weights of this network, or set teacher.architecture, teacher.classes and teacher.image to theirs.'
      : (torchHint(cause) ??
          'Write or download the file again: safetensors, or what torch.save(model.state_dict(), FILE) writes.'),
    { cause },
  );
}

/** The architecture is a table of one's own, and cannot be read. */
export function unreadableArchitecture(cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'TEACHER_ARCHITECTURE',
    `The option teacher.architecture cannot be used: ${reason}`,
    'Correct its stages, or take a published network, say tf_efficientnet_b0.',
    { cause, ...USAGE },
  );
}

/** Neither the options nor the weights file say what network it is. */
export function noArchitecture(): DnaError {
  return new DnaError(
    'TEACHER_ARCHITECTURE',
    'What network the teacher is, is not known: the option architecture is not set and its weights file does not say.',
    'Set teacher.architecture, say to tf_efficientnet_b0.',
    USAGE,
  );
}

/** There is an unfinished training of another network, other data or other options. */
export function otherTraining(path: string): DnaError {
  return new DnaError(
    'TEACHER_TRAINING_OTHER',
    `${path} is an unfinished training with other options, or on other data.`,
    'Give the options that it was started with, another file to --out, or remove it to start over.',
    USAGE,
  );
}

/** A body of random weights would be frozen. */
export function nothingFrozen(): DnaError {
  return new DnaError(
    'USAGE',
    '--frozen-steps is given without --from: the body that would be frozen has random weights.',
    'Leave it out, or name weights to begin with: --from FILE.',
    USAGE,
  );
}

/** Early stopping was asked for, and nothing can tell when. */
export function nothingHeldOut(): DnaError {
  return new DnaError(
    'USAGE',
    '--patience is given, and the data hold no images out that could tell when to stop.',
    "Leave it out, or have some held out, as by --data-options '{heldOutPerClass: 20}'.",
    USAGE,
  );
}

/** Dropping was asked for in a training by running statistics, which drops nothing. */
export function nothingDropped(): DnaError {
  return new DnaError(
    'USAGE',
    '--dropout or --drop-connect is given, and a training by running statistics drops nothing.',
    'Leave it out, or train by those of each batch: --statistics batch.',
    USAGE,
  );
}
