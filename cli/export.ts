import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { wrongUsage } from 'dna-nas/core';
import type { NetworkFacts } from 'dna-nas/export';
import { isFolder, makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { besides, type Files, FORMATS, type Format, requestOf } from './export-formats.js';
import { printable } from './printable.js';

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

/** `dna export`: a network that a run has trained, as a file that other programs load. */
export async function exportCommand(source: string, options: ExportCommandOptions): Promise<void> {
  const { format: name, output } = options;
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name]! : undefined;
  if (!format) throw unknownFormat(name);
  if (name !== 'onnx') requireNoOnnxOptions(options);
  requireQuantize(options);
  requireWritable(output, format);
  const { facts, run, files, notes = [] } = await format.write(requestOf(source, options), options);
  const place = resolve(output ?? `${run}-${facts.name}.${format.ending}`);
  const factsFile = format.isFolder ? join(place, 'network.json') : besides(place, 'json');
  const model = files(place);
  const all: Files = [...model, [factsFile, `${JSON.stringify(facts, null, 2)}\n`]];
  if (format.isFolder) makeFolder(nodeFiles, place);
  for (const [path, content] of all) writeAtomically(nodeFiles, path, Buffer.from(content));
  process.stdout.write(`${printable([summary(facts, all, format), ...notes].join('\n'))}\n`);
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
    `There is no format ${JSON.stringify(format)} to export to; known are ${Object.keys(FORMATS).join(', ')}.`,
    'Say --format onnx.',
  );
}

/** Found out before the work. */
function requireWritable(output: string | undefined, format: Format): void {
  if (output === undefined) return;
  if (format.isFolder) requireFolder(output);
  else requireFile(output, format.ending);
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

function requireFile(output: string, formatEnding: string): void {
  if (isFolder(output))
    throw wrongUsage(
      `--output ${output} is a folder; a file is expected.`,
      `Say --output ${join(output, `network.${formatEnding}`)}.`,
    );
  const ending = extname(output);
  if (ending === '.json' || ending === '.py')
    throw wrongUsage(
      `--output ${output} ends in ${ending}, as a file beside the model does.`,
      `Say --output ${output.slice(0, -ending.length)}.${formatEnding}.`,
    );
}

function summary(facts: NetworkFacts, files: Files, format: Format): string {
  const { name, height, width, channels, colour, input, classes } = facts;
  const [file, ...beside] = files.map(([path]) => relative('', path));
  const model = format.isFolder ? files.slice(0, -1) : files.slice(0, 1);
  const megabytes = (model.reduce((sum, [, content]) => sum + content.length, 0) / 1e6).toFixed(2);
  const image = (format.channelsLast ? [height, width, channels] : [channels, height, width]).join(', ');
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
