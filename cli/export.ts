import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { wrongUsage } from 'dna-nas/core';
import {
  exportOnnx,
  exportQuantized,
  exportSafetensors,
  exportTfjs,
  type NetworkFacts,
  OPSETS,
  type QuantizedModel,
} from 'dna-nas/export';
import { isFolder, makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { readMachineOptions } from './machine-options.js';
import { printable } from './printable.js';
import { readWeightsKind } from './weights-kind.js';

export interface ExportCommandOptions {
  readonly format: string;
  readonly network?: string;
  readonly weights?: string;
  readonly output?: string;
  readonly opset?: string;
  readonly keepNorms?: boolean;
  readonly preprocess?: boolean;
  readonly quantize?: string;
  readonly set?: readonly string[];
}

const FORMATS = ['onnx', 'safetensors', 'tfjs'];

/** `dna export`: a network that a run has trained, as a file that other programs load. */
export async function exportCommand(source: string, options: ExportCommandOptions): Promise<void> {
  const { format, output } = options;
  if (!FORMATS.includes(format)) throw unknownFormat(format);
  if (format !== 'onnx') requireNoOnnxOptions(options);
  requireQuantize(options);
  requireWritable(output, format);
  const { facts, run, files, notes = [] } = await made(source, options);
  const file = resolve(output ?? `${run}-${facts.name}.${format}`);
  const factsFile = format === 'tfjs' ? join(file, 'network.json') : besides(file, 'json');
  const all: Files = [...files(file), [factsFile, `${JSON.stringify(facts, null, 2)}\n`]];
  if (format === 'tfjs') makeFolder(nodeFiles, file);
  for (const [path, content] of all) writeAtomically(nodeFiles, path, Buffer.from(content));
  process.stdout.write(`${printable([summary(facts, all, format), ...notes].join('\n'))}\n`);
}

/** The file of the same name with another ending. */
function besides(file: string, ending: string): string {
  return join(dirname(file), `${basename(file, extname(file))}.${ending}`);
}

/** Files by their paths. */
type Files = readonly (readonly [path: string, content: string | Uint8Array])[];

interface Made {
  readonly facts: NetworkFacts;
  readonly run: string;
  /** Further lines of what is printed. */
  readonly notes?: readonly string[];
  /** What is written where the main file is `file`, that one first. */
  files(file: string): Files;
}

async function made(source: string, options: ExportCommandOptions): Promise<Made> {
  const { format, network, weights, opset, keepNorms = false, preprocess = false, set = [] } = options;
  const request = {
    ...{ source, network, preprocess, weights: readWeightsKind(weights) },
    machine: readMachineOptions(set),
    noticed: (text: string) => void process.stderr.write(`${printable(text)}\n`),
  };
  if (format === 'onnx') {
    const version = opset === undefined ? {} : { opset: readOpset(opset) };
    if (options.quantize !== undefined) {
      const { bytes, ...model } = await exportQuantized({ ...request, ...version });
      return { ...model, notes: comparison(model), files: (file) => [[file, bytes]] };
    }
    const { bytes, ...model } = await exportOnnx({ ...request, ...version, keepNorms });
    return { ...model, files: (file) => [[file, bytes]] };
  }
  if (format === 'tfjs') {
    const { files, ...model } = await exportTfjs(request);
    return { ...model, files: (folder) => [...files].map(([name, bytes]) => [join(folder, name), bytes]) };
  }
  const { bytes, program, ...model } = await exportSafetensors(request);
  return {
    ...model,
    files: (file) => [
      [file, bytes],
      [besides(file, 'py'), program(basename(file))],
    ],
  };
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

function requireQuantize({ quantize, keepNorms }: ExportCommandOptions): void {
  if (quantize === undefined) return;
  if (quantize !== 'int8')
    throw wrongUsage(`--quantize is ${JSON.stringify(quantize)}; int8 is known.`, 'Say --quantize int8.');
  if (keepNorms)
    throw wrongUsage(
      '--keep-norms was given with --quantize int8, which folds norms into convolutions.',
      'Leave one of them out.',
    );
}

function requireNoOnnxOptions({ format, opset, keepNorms, quantize }: ExportCommandOptions): void {
  const given = [
    opset !== undefined && '--opset',
    keepNorms && '--keep-norms',
    quantize !== undefined && '--quantize',
  ];
  const option = given.find((one) => typeof one === 'string');
  if (option === undefined) return;
  throw wrongUsage(
    `${option} was given with --format ${format}, and it is an option of ONNX models${format === 'safetensors' ? "; PyTorch's keep their norms" : ''}.`,
    `Leave ${option} out, or say --format onnx.`,
  );
}

function unknownFormat(format: string) {
  return wrongUsage(
    `There is no format ${JSON.stringify(format)} to export to; known are ${FORMATS.join(' and ')}.`,
    'Say --format onnx.',
  );
}

/** Found out before the work. */
function requireWritable(output: string | undefined, format: string): void {
  if (output === undefined) return;
  if (format === 'tfjs') requireFolder(output);
  else requireFile(output, format);
  if (!isFolder(dirname(resolve(output))))
    throw wrongUsage(
      `--output ${output}: there is no folder ${dirname(output)}.`,
      'Make it first, or name another file.',
    );
}

/** A graph model is several files. */
function requireFolder(output: string): void {
  if (isFolder(output) || !existsSync(output)) return;
  throw wrongUsage(
    `--output ${output} is a file; a graph model of TensorFlow.js is a folder.`,
    'Name a folder that there is, or a new one.',
  );
}

function requireFile(output: string, format: string): void {
  if (isFolder(output))
    throw wrongUsage(
      `--output ${output} is a folder; a file is expected.`,
      `Say --output ${join(output, `network.${format}`)}.`,
    );
  const ending = extname(output);
  if (ending === '.json' || ending === '.py')
    throw wrongUsage(
      `--output ${output} ends in ${ending}, as a file beside the model does.`,
      `Say --output ${output.slice(0, -ending.length)}.${format}.`,
    );
}

/** A number of any kind; which ones there are the export says. */
function readOpset(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw wrongUsage(
    `--opset is ${JSON.stringify(text)}; a whole number from ${OPSETS.least} to ${OPSETS.most} is expected.`,
    `Say --opset ${OPSETS.least}, or leave it out.`,
  );
}

function summary(facts: NetworkFacts, files: Files, format: string): string {
  const { name, height, width, channels, colour, input, classes } = facts;
  const [file, ...beside] = files.map(([path]) => relative('', path));
  const model = format === 'tfjs' ? files.slice(0, -1) : files.slice(0, 1);
  const megabytes = (model.reduce((sum, [, content]) => sum + content.length, 0) / 1e6).toFixed(2);
  const image = (format === 'tfjs' ? [height, width, channels] : [channels, height, width]).join(', ');
  const lines = [
    `Written as ${file} (${megabytes} MB), with what belongs to it in ${beside.join(' and ')}.`,
    `network  ${name}, ${facts.parameters.toLocaleString('en')} parameters, ${facts.multiplyAdds.toLocaleString('en')} multiply-adds`,
    `input    input, float32 [batch, ${image}]${colour ? `, ${colour}` : ''}: ${input}`,
    `output   logits, float32 [batch, ${classes}]`,
    ...measured(facts),
  ];
  return lines.join('\n');
}

function measured({ accuracy }: NetworkFacts): string[] {
  if (!accuracy) return [];
  const { top1, images } = accuracy;
  const on = images === undefined ? '' : ` on ${images.toLocaleString('en')} test images`;
  return [`measured ${(100 * top1).toFixed(2)} % top-1${on}`];
}
