import { readMachineOptions } from 'dna-nas/configuration';
import { damagedImages, type PredictedImage, type Predictions, predictImages } from 'dna-nas/export';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';
import { readWeightsKind } from './weights-kind.js';
import { readWholeNumber } from './whole-number.js';

export interface PredictCommandOptions {
  readonly model: string;
  readonly network?: string;
  readonly weights?: string;
  readonly top: string;
  readonly backend?: string;
  readonly set?: readonly string[];
  readonly json: boolean;
}

const TOP = { least: 1, most: 10_000, example: 5 };

/** `dna predict`: what a trained network sees in images. Damaged ones are named at the end, with exit code 1. */
export async function predictCommand(
  images: readonly string[],
  options: PredictCommandOptions,
): Promise<void> {
  const { model, network, backend, set = [], json } = options;
  const found = await predictImages({
    ...{ images, source: model, network, backend, weights: readWeightsKind(options.weights) },
    top: readWholeNumber('--top', options.top, TOP),
    machine: readMachineOptions(set),
    noticed: (text) => void process.stderr.write(`${printable(text)}\n`),
  });
  if (json) printJson(asData(model, found));
  else if (found.images.length > 0) process.stdout.write(`${printable(asTable(found.images))}\n`);
  const damaged = found.damaged.map(({ file, problem }) => `${file} (${problem})`);
  if (damaged.length > 0) throw damagedImages(damaged, damaged.length + found.images.length);
}

function asData(model: string, { facts, images, damaged }: Predictions) {
  return { model, network: facts.name, images, damaged };
}

function asTable(images: readonly PredictedImage[]): string {
  const rows = images.flatMap(({ file, classes }) =>
    classes.map((one, place) => [
      place === 0 ? file : '',
      `${(100 * one.probability).toFixed(2)} %`.padStart(8),
      one.name ?? `class ${one.class}`,
    ]),
  );
  return formatTable([['image', '', 'class'], ...rows]);
}
