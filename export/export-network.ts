import { join, resolve } from 'node:path';
import { wrongUsage } from 'dna-nas/errors';
import { makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import {
  besides,
  type Files,
  FORMATS,
  type FormatName,
  type FormatRequest,
  type FormattedNetwork,
  ONNX_OPTIONS,
  type OnnxFormatRequest,
} from './formats.js';

/** Which network is to be written, and how: options of ONNX models go with `format: 'onnx'` alone. */
export type ExportRequest = FormatRequest & {
  /** The file, or for `tfjs` the folder. @default `<run>-<network>` with the format's ending */
  readonly output?: string;
} & (
    | ({
        /** @default 'onnx' */
        readonly format?: 'onnx';
      } & OnnxFormatRequest)
    | { readonly format: Exclude<FormatName, 'onnx'> }
  );

/** A network that was written. */
export interface WrittenNetwork extends Omit<FormattedNetwork, 'files'> {
  /** Absolute paths with their bytes: the model first, what belongs to it last. */
  readonly files: readonly WrittenFile[];
}

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes a network that a run has trained as files that other programs load, each in one step, and beside them a JSON
 * file of what belongs to it: input, classes, accuracy.
 * @throws DnaError `USAGE` for a format or options that there are not; those of `openTrained` and of the format.
 */
export async function exportNetwork(request: ExportRequest): Promise<WrittenNetwork> {
  const format = requireFormat(request);
  const { files: filesAt, ...network } = await format.write(request);
  const name = `${network.run}-${network.facts.name}.${format.ending}`;
  const place = resolve(request.output ?? name);
  const factsFile = format.isFolder ? join(place, 'network.json') : besides(place, 'json');
  const files: Files = [...filesAt(place), [factsFile, `${JSON.stringify(network.facts, null, 2)}\n`]];
  if (format.isFolder) makeFolder(nodeFiles, place);
  return { ...network, files: files.map(([path, content]) => write(path, Buffer.from(content))) };
}

function requireFormat(request: ExportRequest) {
  const { format: name = 'onnx' } = request;
  if (!Object.hasOwn(FORMATS, name)) throw unknownFormat(name);
  const given = ONNX_OPTIONS.find((option) => (request as OnnxFormatRequest)[option] !== undefined);
  if (name === 'onnx' || given === undefined) return FORMATS[name];
  throw wrongUsage(
    `${given} is an option of ONNX models, and the format is ${name}.`,
    `Leave ${given} out, or take the format onnx.`,
  );
}

/** The error for a format that there is not. */
export function unknownFormat(format: string) {
  return wrongUsage(
    `There is no format ${JSON.stringify(format)} to export to; known are ${Object.keys(FORMATS).join(', ')}.`,
    'Take the format onnx.',
  );
}

function write(path: string, content: Uint8Array): WrittenFile {
  writeAtomically(nodeFiles, path, content);
  return { path, bytes: content.length };
}
