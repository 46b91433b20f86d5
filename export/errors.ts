import { DnaError, either } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

const where = (layer: string) => (layer === '' ? '' : ` at or behind ${layer}`);

/** The network calls an operation that is not mapped. */
export function unknownOperation(kernel: string, layer: string): DnaError {
  return new DnaError(
    'EXPORT_OPERATION',
    `The network uses the operation ${kernel}${where(layer)}, for which the export has no counterpart.`,
    'Compose it of other operations of dna-nas/nn/ops or TensorFlow.js: sums, products, convolutions, means, activations.',
  );
}

/** An operation that is mapped is used in a way that is not. */
export function unmappedUse(kernel: string, layer: string, problem: string): DnaError {
  return new DnaError(
    'EXPORT_OPERATION',
    `The network uses the operation ${kernel}${where(layer)} in a way that the export does not know: ${problem}.`,
    'Compose it of other operations of dna-nas/nn/ops or TensorFlow.js.',
  );
}

/** `forward` looks at values, which there are none of while it is traced. */
export function valuesRead(layer: string): DnaError {
  return new DnaError(
    'EXPORT_GRAPH',
    `The network reads values of its feature maps${where(layer)}, so that what it computes depends on the image and is no fixed graph.`,
    'Write its forward() without dataSync(), data(), arraySync() and array() of what depends on the input.',
  );
}

/** `forward` makes a constant as large as the batch. */
export function fixedBatch(layer: string): DnaError {
  return new DnaError(
    'EXPORT_GRAPH',
    `The network makes a constant of the batch's size${where(layer)}, so that its graph would take one size of batch only.`,
    'Give the constant one element on the first axis, and let it be broadcast.',
  );
}

/** What comes out is not computed from the image, or is not [n, classes]. */
export function wrongOutput(found: string): DnaError {
  return new DnaError(
    'EXPORT_GRAPH',
    `The network puts out ${found}; a tensor [batch, classes] that is computed from the images is expected.`,
    'Export a whole network with its classifier.',
  );
}

/** timm has no network like it. */
export function noTimmNetwork(problem: string, hint: string): DnaError {
  return new DnaError('EXPORT_TIMM', `timm cannot build this network: ${problem}.`, hint);
}

export function wrongOpset(opset: number, known: readonly [number, number]): DnaError {
  return new DnaError(
    'EXPORT_OPSET',
    `The opset is ${opset}; a whole number from ${known[0]} to ${known[1]} is expected.`,
    `Say --opset ${known[0]}, which every runtime of today takes, or leave it out.`,
    USAGE,
  );
}

/** A model of 2 GiB or more cannot be one message of protobuf. */
export function tooLarge(bytes: number): DnaError {
  return new DnaError(
    'EXPORT_SIZE',
    `The model would have ${bytes} bytes; an ONNX file holds less than 2 GiB.`,
    'Export a smaller network.',
  );
}

export function noNormalisation(): DnaError {
  return new DnaError(
    'EXPORT_NORMALISATION',
    'The mean and deviation of the pixels are not known, as the data set does not tell them.',
    'Export without --preprocess, or say where the data are: --set data.path=DIR.',
    USAGE,
  );
}

/** What was named is no run's. */
export function noSource(source: string, problem: string): DnaError {
  return new DnaError(
    'EXPORT_SOURCE',
    `${JSON.stringify(source)} ${problem}; the folder of a run, or a file of its results, is expected.`,
    'Name a run, runs/NAME, or one of its networks, runs/NAME/results/retrain-found.safetensors.',
    USAGE,
  );
}

/** Names that a message shows; of more it says how many. */
const MOST_NAMES = 8;

function listed(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return either(names);
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}

/** The run has not trained the network that is asked for; `known` are those that it has. */
export function notTrained(run: string, network: string | undefined, known: readonly string[]): DnaError {
  if (known.length === 0) return nothingTrained(run);
  const text = JSON.stringify(network);
  return new DnaError(
    'EXPORT_NETWORK',
    network === undefined
      ? `The run ${run} has trained ${known.length} networks, none of them by the name of found: ${listed(known)}.`
      : `The run ${run} has not trained ${text}; it has trained ${listed(known)}.`,
    network === undefined
      ? `Say which: --network ${known[0]}`
      : `Name one of them by --network, or train another one first: dna retrain --architecture TEXT`,
    USAGE,
  );
}

function nothingTrained(run: string): DnaError {
  return new DnaError(
    'EXPORT_NETWORK',
    `The run ${run} has trained no network yet.`,
    `Go on with it by the command that started it, or train its network alone: dna retrain --architecture ${run}`,
    USAGE,
  );
}

/** An architecture that was trained several times. */
export function trainedSeveralTimes({
  run,
  network,
  known,
}: {
  readonly run: string;
  readonly network: string;
  readonly known: readonly string[];
}): DnaError {
  return new DnaError(
    'EXPORT_NETWORK',
    `The run ${run} has trained ${JSON.stringify(network)} ${known.length} times, as ${listed(known)}.`,
    `Say which: --network ${known[0]}`,
    USAGE,
  );
}

/** A result of another retrain plugin, or of an earlier version. */
export function noShape(run: string, network: string): DnaError {
  return new DnaError(
    'EXPORT_NETWORK',
    `The result of ${network} in the run ${run} does not say its architecture, images and classes.`,
    'Export a network that retrain-scratch of this version has trained.',
    USAGE,
  );
}

/** What was named holds no image. */
export function noImages(place: string, problem: string): DnaError {
  return new DnaError(
    'PREDICT_IMAGES',
    `${JSON.stringify(place)} ${problem}; an image, or a folder with images, is expected.`,
    'Name files (JPEG, PNG, WebP), or the folder that they are in.',
    USAGE,
  );
}

/** Images were named that cannot be read; the others were classified. */
export function damagedImages(damaged: readonly string[], all: number): DnaError {
  return new DnaError(
    'PREDICT_DAMAGED',
    `${damaged.length} of ${all} images cannot be read, and were passed over: ${damaged.join('; ')}.`,
    'Copy these files again, or leave them out.',
  );
}

/** Nobody knows how images become what the network takes. */
export function unknownPreprocessing(problem: string): DnaError {
  return new DnaError(
    'PREDICT_PREPROCESSING',
    `Images cannot be made ready for this network: ${problem}.`,
    'Say where the data of its run are, --set data.path=DIR, or make the images ready in a program of your own.',
    USAGE,
  );
}

/** An ONNX file that does not say how it is used. */
export function notExported(file: string, problem: string): DnaError {
  return new DnaError(
    'PREDICT_MODEL',
    `${file} is no model that dna export has written: ${problem}.`,
    'Export the network anew, dna export RUN --output FILE.onnx, or name its run.',
    USAGE,
  );
}

/** No onnxruntime works here; `problems` are of those that are there. */
export function noRuntime(problems: readonly string[], otherwise: string): DnaError {
  const found = problems.length > 0 ? ` (${problems.join('; ')})` : '';
  return new DnaError(
    'PREDICT_RUNTIME',
    `ONNX models need onnxruntime, and there is none in this project${found}.`,
    `\`npm install onnxruntime-node\`, or onnxruntime-web, which is slower and needs no binary; without either, ${otherwise}.`,
    USAGE,
  );
}

/** Eight bits need the images that the run was made with. */
export function noCalibration(problem: string, cause?: unknown): DnaError {
  return new DnaError(
    'EXPORT_CALIBRATION',
    `--quantize int8 takes the ranges of activations from training images of the run, and ${problem}.`,
    'Say where they are, --set data.path=DIR, or export the network in float32, without --quantize.',
    { cause, exitCode: 2 },
  );
}

/** A run that keeps no weights of a best epoch. */
export function noBest(run: string, network: string): DnaError {
  return new DnaError(
    'EXPORT_NETWORK',
    `The run ${run} keeps no weights of the best epoch of ${network}.`,
    'Leave --weights out: the weights of the last epoch count.',
    USAGE,
  );
}
