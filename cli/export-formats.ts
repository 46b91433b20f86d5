import { basename, dirname, extname, join } from 'node:path';
import { wrongUsage } from 'dna-nas/core';
import {
  type ExportedProgram,
  exportOnnx,
  exportQuantized,
  exportSafetensors,
  exportTfjs,
  exportTimm,
  type NetworkFacts,
  OPSETS,
  type QuantizedModel,
} from 'dna-nas/export';
import type { ExportCommandOptions } from './export.js';
import { readMachineOptions } from './machine-options.js';
import { printable } from './printable.js';
import { readWeightsKind } from './weights-kind.js';

/** Files by their paths. */
export type Files = readonly (readonly [path: string, content: string | Uint8Array])[];

export interface Made {
  readonly facts: NetworkFacts;
  readonly run: string;
  /** Further lines of what is printed. */
  readonly notes?: readonly string[];
  /** What is written where the main file or folder is `path`, the model first. */
  files(path: string): Files;
}

/** What all formats ask for. */
type Request = ReturnType<typeof requestOf>;

export function requestOf(source: string, options: ExportCommandOptions) {
  const { network, weights, preprocess = false, set = [] } = options;
  return {
    ...{ source, network, preprocess, weights: readWeightsKind(weights) },
    machine: readMachineOptions(set),
    noticed: (text: string) => void process.stderr.write(`${printable(text)}\n`),
  };
}

/** A way to write a network down. */
export interface Format {
  /** Of the main file, or of the folder. */
  readonly ending: string;
  /** All files lie in a folder of that name. @default false */
  readonly isFolder?: boolean;
  /** Order of an image's axes. @default channels first */
  readonly channelsLast?: boolean;
  write(request: Request, options: ExportCommandOptions): Promise<Made>;
}

/** By the name that `--format` gives. */
export const FORMATS: Readonly<Record<string, Format>> = {
  onnx: { ending: 'onnx', write: asOnnx },
  safetensors: {
    ending: 'safetensors',
    write: async (request) => withProgram(await exportSafetensors(request)),
  },
  timm: { ending: 'safetensors', write: async (request) => withProgram(await exportTimm(request)) },
  tfjs: { ending: 'tfjs', isFolder: true, channelsLast: true, write: asGraphModel },
};

async function asOnnx(
  request: Request,
  { opset, keepNorms = false, quantize }: ExportCommandOptions,
): Promise<Made> {
  const version = opset === undefined ? {} : { opset: readOpset(opset) };
  if (quantize !== undefined) {
    const { bytes, ...model } = await exportQuantized({ ...request, ...version });
    return { ...model, notes: comparison(model), files: (file) => [[file, bytes]] };
  }
  const { bytes, ...model } = await exportOnnx({ ...request, ...version, keepNorms });
  return { ...model, files: (file) => [[file, bytes]] };
}

async function asGraphModel(request: Request): Promise<Made> {
  const { files, ...model } = await exportTfjs(request);
  return { ...model, files: (folder) => [...files].map(([name, bytes]) => [join(folder, name), bytes]) };
}

/** Tensors, and beside them the program that reads them. */
function withProgram({ bytes, program, ...model }: ExportedProgram): Made {
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

/** What eight bits have cost and brought. */
function comparison({ float, int8, runtime }: Omit<QuantizedModel, 'bytes'>): string[] {
  const points = (100 * (float.top1 - int8.top1)).toFixed(2);
  const times = `${int8.milliseconds.toFixed(3)} ms an image against ${float.milliseconds.toFixed(3)} ms`;
  return [
    `float32  ${(100 * float.top1).toFixed(2)} % top-1 on the same images: int8 loses ${points} points`,
    `speed    ${times}, one thread, ${runtime}; ${(float.bytes / int8.bytes).toFixed(1)} times smaller`,
  ];
}

/** A number of any kind; which ones there are the export says. */
function readOpset(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw wrongUsage(
    `--opset is ${JSON.stringify(text)}; a whole number from ${OPSETS.least} to ${OPSETS.most} is expected.`,
    `Say --opset ${OPSETS.least}, or leave it out.`,
  );
}
