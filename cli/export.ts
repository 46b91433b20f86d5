import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { isFolder, nodeFiles, readSettings, writeAtomically, wrongUsage } from 'dna-nas/core';
import { type ExportedModel, exportOnnx, type NetworkFacts, OPSETS } from 'dna-nas/export';
import { printable } from './printable.js';

export interface ExportCommandOptions {
  readonly format: string;
  readonly network?: string;
  readonly output?: string;
  readonly opset?: string;
  readonly keepNorms?: boolean;
  readonly preprocess?: boolean;
  readonly set?: readonly string[];
}

const FORMATS = ['onnx'];

/** `dna export`: a network that a run has trained, as a file that other programs load. */
export async function exportCommand(source: string, options: ExportCommandOptions): Promise<void> {
  const { format, network, opset, keepNorms, preprocess, set = [] } = options;
  if (!FORMATS.includes(format)) throw unknownFormat(format);
  requireWritable(options.output);
  const model = await exportOnnx({
    source,
    network,
    ...(opset !== undefined && { opset: readOpset(opset) }),
    ...(keepNorms && { keepNorms }),
    ...(preprocess && { preprocess }),
    machine: Object.fromEntries(readSettings(set).map(({ path, value }) => [path, value])),
    noticed: (text) => process.stderr.write(`${printable(text)}\n`),
  });
  const file = resolve(options.output ?? `${model.run}-${model.facts.name}.onnx`);
  const beside = join(dirname(file), `${basename(file, extname(file))}.json`);
  writeAtomically(nodeFiles, file, model.bytes);
  writeAtomically(nodeFiles, beside, Buffer.from(`${JSON.stringify(model.facts, null, 2)}\n`));
  process.stdout.write(`${printable(summary(model, { file, beside }))}\n`);
}

function unknownFormat(format: string) {
  return wrongUsage(
    `There is no format ${JSON.stringify(format)} to export to; known is ${FORMATS.join(' and ')}.`,
    'Say --format onnx.',
  );
}

/** Found out before the work. */
function requireWritable(output: string | undefined): void {
  if (output === undefined) return;
  if (isFolder(output))
    throw wrongUsage(
      `--output ${output} is a folder; a file is expected.`,
      `Say --output ${join(output, 'network.onnx')}.`,
    );
  if (extname(output) === '.json')
    throw wrongUsage(
      `--output ${output} ends in .json, the name of the file beside the model.`,
      `Say --output ${output.slice(0, -'.json'.length)}.onnx.`,
    );
  if (!isFolder(dirname(resolve(output))))
    throw wrongUsage(
      `--output ${output}: there is no folder ${dirname(output)}.`,
      'Make it first, or name another file.',
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

function summary(
  { bytes, facts }: ExportedModel,
  { file, beside }: { file: string; beside: string },
): string {
  const { name, height, width, channels, colour, input, classes } = facts;
  const lines = [
    `Written as ${relative('', file)} (${(bytes.length / 1e6).toFixed(2)} MB), with what belongs to it in ${relative('', beside)}.`,
    `network  ${name}, ${facts.parameters.toLocaleString('en')} parameters, ${facts.multiplyAdds.toLocaleString('en')} multiply-adds`,
    `input    input, float32 [batch, ${channels}, ${height}, ${width}]${colour ? `, ${colour}` : ''}: ${input}`,
    `output   logits, float32 [batch, ${classes}]`,
    ...measured(facts),
  ];
  return lines.join('\n');
}

function measured({ accuracy }: NetworkFacts): string[] {
  if (!accuracy) return [];
  const { top1, images } = accuracy;
  const on = images === undefined ? '' : ` on ${images.toLocaleString('en')} test images`;
  return [`measured ${(100 * top1).toFixed(2)} % top-1${on}, by the run`];
}
