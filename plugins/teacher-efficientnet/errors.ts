import { DnaError, either } from 'dna-nas/core';

const USAGE = { exitCode: 2 };

const GET_WEIGHTS =
  'Train a teacher of your own with `dna teacher train --out teacher.safetensors`, or save a timm model: ' +
  '`safetensors.torch.save_file(timm.create_model("tf_efficientnet_b0", pretrained=True).state_dict(), ' +
  '"teacher.safetensors")`; then set teacher.weights to the file.';

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

/** The file that the options name is not there. */
export function weightsMissing(weights: string, looked: string, shipped: readonly string[]): DnaError {
  const known = shipped.length > 0 ? ` nor one that comes with the package (${shipped.join(', ')})` : '';
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The teacher's weights "${weights}" are neither a file (${looked})${known}.`,
    GET_WEIGHTS,
    USAGE,
  );
}

/** An absolute path would be stored with the run. */
export function weightsAbsolute(weights: string): DnaError {
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The option weights is the absolute path ${weights}; a run keeps only paths relative to its project.`,
    'Set weightsFile instead: it belongs to the machine and is not stored.',
    USAGE,
  );
}

/** The file is there and is not this teacher's. */
export function weightsUnusable(file: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The teacher's weights ${file} cannot be used: ${reason}`,
    GET_WEIGHTS,
    { cause },
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
