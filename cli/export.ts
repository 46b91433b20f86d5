import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { readMachineOptions } from 'dna-nas/configuration';
import { grouped, wrongUsage } from 'dna-nas/errors';
import {
  type EightBits,
  type ExportRequest,
  exportNetwork,
  FORMATS,
  type Format,
  type FormatName,
  type NetworkFacts,
  OPSETS,
  unknownFormat,
  type WrittenNetwork,
} from 'dna-nas/export';
import { isFolder } from 'dna-nas/files';
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

/** `dna export`: a network that a run has trained, as a file that other programs load. */
export async function exportCommand(source: string, options: ExportCommandOptions): Promise<void> {
  const format = formatOf(options.format);
  if (options.format !== 'onnx') requireNoOnnxOptions(options);
  requireQuantize(options);
  requireWritable(options.output, FORMATS[format]);
  const written = await exportNetwork(requestOf(source, { ...options, format }));
  const notes = written.eightBits ? comparison(written.eightBits) : [];
  process.stdout.write(`${printable([...summary(written, FORMATS[format]), ...notes].join('\n'))}\n`);
}

function formatOf(name: string): FormatName {
  if (Object.hasOwn(FORMATS, name)) return name as FormatName;
  throw unknownFormat(name);
}

function requestOf(source: string, options: ExportCommandOptions & { format: FormatName }): ExportRequest {
  const { network, weights, preprocess = false, keepNorms, opset, quantize, output, set = [] } = options;
  return {
    ...{ source, network, preprocess, weights: readWeightsKind(weights), format: options.format },
    ...(output !== undefined && { output }),
    ...(opset !== undefined && { opset: readOpset(opset) }),
    ...(keepNorms !== undefined && { keepNorms }),
    ...(quantize !== undefined && { quantize }),
    machine: readMachineOptions(set),
    noticed: (text: string) => void process.stderr.write(`${printable(text)}\n`),
  } as ExportRequest;
}

/** A number of any kind; which ones there are the export says. */
function readOpset(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw wrongUsage(
    `--opset is ${JSON.stringify(text)}; a whole number from ${OPSETS.least} to ${OPSETS.most} is expected.`,
    `Say --opset ${OPSETS.least}, or leave it out.`,
  );
}

/** What eight bits have cost and brought. */
function comparison({ float, int8, runtime }: EightBits): string[] {
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

function summary({ facts, files }: WrittenNetwork, format: Format): string[] {
  const { name, height, width, channels, colour, input, classes } = facts;
  const [file, ...beside] = files.map(({ path }) => relative('', path));
  const model = format.isFolder ? files.slice(0, -1) : files.slice(0, 1);
  const megabytes = (model.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(2);
  const image = (format.channelsLast ? [height, width, channels] : [channels, height, width]).join(', ');
  return [
    `Written as ${file} (${megabytes} MB), with what belongs to it in ${beside.join(' and ')}.`,
    `network  ${name}, ${grouped(facts.parameters)} parameters, ${grouped(facts.multiplyAdds)} multiply-adds`,
    `input    input, float32 [batch, ${image}]${colour ? `, ${colour}` : ''}: ${input}`,
    `output   logits, float32 [batch, ${classes}]`,
    ...measured(facts),
  ];
}

function measured({ accuracy, agreementWithTeacher }: NetworkFacts): string[] {
  const shares = accuracy ?? agreementWithTeacher;
  if (!shares) return [];
  const { top1, images } = shares;
  const what = accuracy ? 'top-1' : 'agreement with the teacher';
  const on = images === undefined ? '' : ` on ${grouped(images)} test images`;
  return [`measured ${(100 * top1).toFixed(2)} % ${what}${on}`];
}
