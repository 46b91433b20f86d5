import type { Architecture, CellChoice } from 'dna-nas/core/contracts';
import { counted, DnaError, either } from 'dna-nas/errors';
import {
  DNA_STAGES,
  type DnaName,
  dnaText,
  expandStage,
  formatBlock,
  type LayerSpec,
  parseBlock,
} from 'dna-nas/nn/networks';
import { layerWidths, operationName, operationNames, separableLayer } from './layers.js';
import type { SpaceMbconvOptions } from './options.js';

/**
 * Reads the text form, or the name of a network of the paper (`dna-a` … `dna-d`). The separable layer behind the stem
 * may be left out. Throws a `DnaError` that says where the text leaves the space.
 */
export function parseArchitecture(options: SpaceMbconvOptions, text: string): Architecture {
  const written = Object.hasOwn(DNA_STAGES, text) ? dnaText(text as DnaName) : text;
  const stages = parseStages(written);
  const separable = separableLayer(options);
  if (separable && stages[0]?.[0]?.operation === 'ds') requireSeparable(stages.shift()!, separable);
  if (stages.length !== options.blocks.length) {
    throw outside(
      `it has ${counted(stages.length, 'block')} behind the stem, the space has ${options.blocks.length}`,
    );
  }
  return stages.map((layers, block) => matchBlock(options, block, layers));
}

/** Stages of blocks in timm's notation, joined by ` | `. Throws a `DnaError` where they cannot be read. */
export function parseStages(text: string): LayerSpec[][] {
  return text.split('|').map((part, index) => parseStage(part, index));
}

function parseStage(part: string, index: number): LayerSpec[] {
  const texts = part
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (texts.length === 0) throw outside(`part ${index + 1} between the bars is empty`);
  try {
    return expandStage(texts.map(parseBlock));
  } catch (cause) {
    throw outside(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause));
  }
}

function requireSeparable(layers: readonly LayerSpec[], separable: LayerSpec): void {
  const expected = formatBlock({ ...separable, repeats: 1 });
  const found = layers.map((layer) => formatBlock({ ...layer, repeats: 1 })).join(' ');
  if (found !== expected) throw outside(`behind the stem stands ${found}, the space has ${expected}`);
}

function matchBlock(options: SpaceMbconvOptions, block: number, layers: readonly LayerSpec[]): CellChoice {
  const { stride, cells } = options.blocks[block]!;
  const where = `block ${block + 1}`;
  const channels = layers[0]!.channels;
  const widths = cells.map((_, index) => layerWidths(options, block, index));
  const cell = widths.findIndex((known) => known.length === layers.length && known[0] === channels);
  if (cell < 0) {
    const known = widths.map((one) => `${one.length}×${one[0]}`);
    throw outside(`${where} is ${layers.length}×${channels} (layers×channels), known are ${either(known)}`);
  }
  const path = layers.map((layer, index) => {
    const { squeezeExcite } = options;
    const expected = { stride: index === 0 ? stride : 1, channels: widths[cell]![index]!, squeezeExcite };
    requireFields(layer, expected, `${where}, layer ${index + 1}`);
    return matchOperation(options, layer, `${where}, layer ${index + 1}`);
  });
  return { cell, path };
}

function requireFields(
  layer: LayerSpec,
  expected: Pick<LayerSpec, 'stride' | 'channels' | 'squeezeExcite'>,
  where: string,
): void {
  if (layer.operation !== 'mbconv') throw outside(`${where} is "ds", the space has "ir" there`);
  for (const field of ['stride', 'channels', 'squeezeExcite'] as const) {
    if (layer[field] === expected[field]) continue;
    throw outside(`${where} has ${field} ${layer[field]}, the space has ${expected[field]} there`);
  }
}

function matchOperation(options: SpaceMbconvOptions, layer: LayerSpec, where: string): number {
  const names = operationNames(options);
  const operation = names.indexOf(operationName(layer));
  if (operation >= 0) return operation;
  throw outside(`${where} is ${operationName(layer)}, known are ${either(names)}`);
}

function outside(what: string): DnaError {
  return new DnaError(
    'ARCHITECTURE_TEXT',
    `This architecture is not in the space "mbconv": ${what}.`,
    'Write blocks as ir_r1_k5_s2_e6_c24_se0.25 ir_r1_k3_s1_e6_c24_se0.25, joined by " | "; check the space’s options.',
  );
}
