import { basename, dirname, extname, join } from 'node:path';
import { exportOnnx } from './export-onnx.js';
import { exportQuantized, type QuantizedModel } from './export-quantized.js';
import { type ExportedProgram, exportSafetensors } from './export-safetensors.js';
import { exportTfjs } from './export-tfjs.js';
import { exportTimm } from './export-timm.js';
import type { NetworkFacts } from './source/facts.js';
import type { TrainedRequest } from './source/open-trained.js';

/** Files by their paths. */
export type Files = readonly (readonly [path: string, content: string | Uint8Array])[];

/** What all formats ask for. */
export interface FormatRequest extends TrainedRequest {
  /** Takes pixels of 0 to 255 and normalises them in the network. @default false */
  readonly preprocess?: boolean;
}

/** What is asked of ONNX models alone. */
export interface OnnxFormatRequest {
  /** Version of ONNX's operations. @default the oldest that serves */
  readonly opset?: number;
  /** Leaves batch norms as they are instead of folding them into convolutions. @default false */
  readonly keepNorms?: boolean;
  /** Weights and activations of eight bits, measured against float32. */
  readonly quantize?: 'int8';
}

export const ONNX_OPTIONS = ['opset', 'keepNorms', 'quantize'] as const satisfies (keyof OnnxFormatRequest)[];

/** A network in a format, not yet written. */
export interface FormattedNetwork {
  readonly facts: NetworkFacts;
  readonly run: string;
  /** What eight bits have cost and brought. */
  readonly eightBits?: EightBits;
  /** What is written where the main file or folder is `path`, the model first. */
  files(path: string): Files;
}

/** What eight bits have cost and brought, measured on the same images. */
export type EightBits = Pick<QuantizedModel, 'float' | 'int8' | 'runtime'>;

/** A way to write a network down. */
export interface Format {
  /** Of the main file, or of the folder. */
  readonly ending: string;
  /** All files lie in a folder of that name. @default false */
  readonly isFolder?: boolean;
  /** Order of an image's axes. @default channels first */
  readonly channelsLast?: boolean;
  write(request: FormatRequest & OnnxFormatRequest): Promise<FormattedNetwork>;
}

export type FormatName = 'onnx' | 'safetensors' | 'timm' | 'tfjs';

/** All formats, the usual one first. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  onnx: { ending: 'onnx', write: asOnnx },
  safetensors: {
    ending: 'safetensors',
    write: async (request) => withProgram(await exportSafetensors(request)),
  },
  timm: { ending: 'safetensors', write: async (request) => withProgram(await exportTimm(request)) },
  tfjs: { ending: 'tfjs', isFolder: true, channelsLast: true, write: asGraphModel },
};

async function asOnnx(request: FormatRequest & OnnxFormatRequest): Promise<FormattedNetwork> {
  if (request.quantize === undefined) {
    const { bytes, ...model } = await exportOnnx(request);
    return { ...model, files: (file) => [[file, bytes]] };
  }
  const { bytes, float, int8, runtime, ...model } = await exportQuantized(request);
  return { ...model, eightBits: { float, int8, runtime }, files: (file) => [[file, bytes]] };
}

async function asGraphModel(request: FormatRequest): Promise<FormattedNetwork> {
  const { files, ...model } = await exportTfjs(request);
  return { ...model, files: (folder) => [...files].map(([name, bytes]) => [join(folder, name), bytes]) };
}

/** Tensors, and beside them the program that reads them. */
function withProgram({ bytes, program, ...model }: ExportedProgram): FormattedNetwork {
  return {
    ...model,
    files: (file) => [
      [file, bytes],
      [besides(file, 'py'), program(basename(file))],
    ],
  };
}

/** The file of the same name with another ending. */
export function besides(file: string, ending: string): string {
  return join(dirname(file), `${basename(file, extname(file))}.${ending}`);
}
