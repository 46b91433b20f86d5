import type { ConfigRequest } from 'dna-nas/configuration';
import type { FeatureShape } from 'dna-nas/core/contracts';
import { candidateCount } from 'dna-nas/core/space';
import { counted, grouped, wrongUsage } from 'dna-nas/errors';
import { MULTI_CELL, SINGLE_CELL } from 'dna-nas/presets/paper/cells';
import {
  describeNetwork,
  describeSpace,
  type NetworkDescription,
  type SpaceDescription,
} from 'dna-nas/run-tools';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/** Whose space is meant where nothing names a configuration. */
const PAPER = 'paper-b0';

/** `dna describe`: a network layer by layer, or the search space of a configuration. */
export async function describeCommand(
  request: ConfigRequest,
  { architecture, imageSize, json }: { architecture?: string; imageSize?: string; json: boolean },
): Promise<void> {
  const size = imageSize === undefined ? {} : { imageSize: readSize(imageSize) };
  const plain = request.preset === undefined && request.configFile === undefined;
  if (architecture !== undefined) {
    const paper = plain ? { preset: PAPER, configFile: false as const } : {};
    const network = await describeNetwork({ ...request, ...paper }, architecture, size);
    if (json) return printJson(network);
    process.stdout.write(`${printable(formatNetwork(network))}\n`);
    return;
  }
  const space = await describeSpace(request, size);
  if (json) return printJson(space);
  process.stdout.write(`${printable(formatSpace(space))}\n`);
}

function readSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1) return size;
  throw wrongUsage(
    `--image-size is ${JSON.stringify(text)}; a whole number of pixels is expected.`,
    'Say, --image-size 224.',
  );
}

const shape = ({ height, width, channels }: FeatureShape) => `${height}×${width}×${channels}`;

function formatNetwork({ params, macs, layers, image, classes }: NetworkDescription): string {
  const rows = layers.map((layer) => [
    ...[layer.name, layer.text, shape(layer.output)],
    ...[grouped(layer.params), grouped(layer.macs)],
  ]);
  const total = ['sum', '', counted(classes, 'class'), grouped(params), grouped(macs)];
  const head = ['layer', '', `from ${shape(image)}`, 'parameters', 'multiply-adds'];
  return formatTable(alignRight([head, ...rows, total], [3, 4]));
}

function formatSpace({ name, blocks, networks, costs, image, classes }: SpaceDescription): string {
  const paper = paperTable(blocks);
  const head = ['block', 'stride *', 'cells (layers × channels)', 'candidates', "the paper's"];
  const rows = blocks.map((block, index) => [
    ...[String(index + 1), String(block.stride), cellTexts(block).join('  ')],
    ...[grouped(candidateCount(block)), paper[index] ?? ''],
  ]);
  const count = networks < 1e6 ? grouped(networks) : networks.toExponential(1);
  const cells = blocks.reduce((sum, block) => sum + block.cells.length, 0);
  const ranges = Object.entries(costs).map(([cost, { least, most }]) => [
    ...[cost, `${grouped(least)} to ${grouped(most)}`],
  ]);
  return [
    formatTable(alignRight([head, ...rows], [1, 3])),
    `* of the whole block; the first one's includes the stem.`,
    `${name}: ${counted(blocks.length, 'block')}, ${counted(cells, 'cell')}, ${count} networks`,
    `On ${shape(image)}, ${counted(classes, 'class')}:\n${formatTable(ranges)}`,
  ].join('\n\n');
}

function cellTexts({ cells }: SpaceDescription['blocks'][number]): string[] {
  return cells.map(({ layers, channels }) => `${layers.length}×${channels}`);
}

/** The one of the paper's two tables that has as many cells, to be held beside. */
function paperTable(blocks: SpaceDescription['blocks']): string[] {
  const single = blocks.every(({ cells }) => cells.length === 1);
  const table = single ? SINGLE_CELL : MULTI_CELL;
  return table.map(({ cells }) => cells.map(({ layers, channels }) => `${layers}×${channels}`).join('  '));
}

/** Pads the given columns on their left. */
function alignRight(rows: readonly (readonly string[])[], columns: readonly number[]): string[][] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  const widths = new Map(columns.map((column) => [column, width(column)]));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths.get(column) ?? 0)));
}
