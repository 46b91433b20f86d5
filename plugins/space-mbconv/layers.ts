import type { Architecture } from 'dna-nas/core/contracts';
import { formatStages, type LayerSpec } from 'dna-nas/nn/networks';
import type { SpaceMbconvOptions } from './options.js';

/** Names of the operations, `k3e6` for kernel 3 and expansion 6, kernels first. */
export function operationNames(options: SpaceMbconvOptions): string[] {
  const { kernels, expansions } = options;
  return kernels.flatMap((kernel) => expansions.map((expansion) => operationName({ kernel, expansion })));
}

/** `k3e6` */
export function operationName({ kernel, expansion }: { kernel: number; expansion: number }): string {
  return `k${kernel}e${expansion}`;
}

/** The inverse of `operationName`. */
export function parseOperation(name: string): { kernel: number; expansion: number } {
  const [kernel, expansion] = name.slice(1).split('e').map(Number) as [number, number];
  return { kernel, expansion };
}

/** The depthwise-separable layer behind the stem, if the space has one. */
export function separableLayer({ stem, squeezeExcite }: SpaceMbconvOptions): LayerSpec | undefined {
  if (stem.separable === 0) return undefined;
  return { operation: 'ds', kernel: 3, stride: 1, expansion: 1, channels: stem.separable, squeezeExcite };
}

/** Channels that each layer of a cell puts out: the cell's own, and behind the last one those of the border. */
export function layerWidths({ blocks, borders }: SpaceMbconvOptions, block: number, cell: number): number[] {
  const { layers, channels } = blocks[block]!.cells[cell]!;
  const output = bordersOf(borders)?.[block] ?? channels;
  return Array.from({ length: layers }, (_, layer) => (layer === layers - 1 ? output : channels));
}

/** Channels behind each block, where they are not the cells' own. */
export function bordersOf(borders: SpaceMbconvOptions['borders']): readonly number[] | undefined {
  return typeof borders === 'object' ? borders : undefined;
}

/** The layers of a network by stages: the separable layer if there is one, then one stage a block. */
export function architectureLayers(options: SpaceMbconvOptions, architecture: Architecture): LayerSpec[][] {
  const names = operationNames(options);
  const separable = separableLayer(options);
  const stages = architecture.map(({ cell, path }, block) => {
    const { stride } = options.blocks[block]!;
    const widths = layerWidths(options, block, cell);
    return path.map((operation, layer): LayerSpec => {
      const chosen = parseOperation(names[operation]!);
      const { squeezeExcite } = options;
      const channels = widths[layer]!;
      return { operation: 'mbconv', ...chosen, stride: layer === 0 ? stride : 1, channels, squeezeExcite };
    });
  });
  return separable ? [[separable], ...stages] : stages;
}

/** Stages joined by ` | `, each its layers in timm's notation: `ds_r1_… | ir_r1_… ir_r2_… | …`. */
export function formatLayers(stages: readonly (readonly LayerSpec[])[]): string {
  return formatStages(stages)
    .map((blocks) => blocks.join(' '))
    .join(' | ');
}
