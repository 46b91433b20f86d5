import type { Network } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { MBConv } from '../../layers/index.js';
import { CALIBRATE } from '../../module.js';
import { layerChannels } from '../../space/layer-channels.js';
import { type Tensor, tidy } from '../../tensor.js';

/** One layer of a network, and its counterpart in the supernet. */
export interface ChainLayer {
  readonly block: number;
  readonly layer: number;
  readonly operation: number;
  /** Whether it is the last one of its cell, which was trained to put out the teacher's map. */
  readonly last: boolean;
  readonly module: Network;
  /** Of the module: what it reads and puts out. */
  readonly inputs: number;
  readonly outputs: number;
}

/** The layers of a network behind one another, made and initialised one by one, so that each can be fitted to its input. */
export class SlicedChain {
  readonly #world: World;
  readonly #made: { readonly block: number; readonly module: Network }[] = [];
  #channels: number;

  constructor(world: World) {
    this.#world = world;
    this.#channels = world.data.image.channels;
  }

  /** What stands before the first block, with the given values. */
  open(block: number): Network | undefined {
    const { space, data, random } = this.#world;
    const entrance = space.createEntrance(block, data.image);
    if (!entrance) return undefined;
    entrance.initialise(random.fork('slice', 'entrance'));
    this.#channels = entrance.cost(data.image).output.channels;
    return entrance;
  }

  /** Makes the next layer; it does not run before it is added. */
  make(
    place: { readonly block: number; readonly cell: number; readonly layer: number },
    operation: number,
  ): ChainLayer {
    const { space, random } = this.#world;
    const { block, cell, layer } = place;
    const inputs = this.#channels;
    const outputs = layerChannels(space.blocks[block]!, { cell, layer });
    const module = space.createOperation(place, operation, {
      inputChannels: inputs,
      outputChannels: outputs,
    });
    module.initialise(random.fork('slice', block, layer));
    this.#channels = outputs;
    const last = layer === space.blocks[block]!.cells[cell]!.layers.length - 1;
    return { block, layer, operation, last, module, inputs, outputs };
  }

  add(block: number, module: Network): void {
    this.#made.push({ block, module });
  }

  /** What the layers that were added make of images, by the statistics of the batch. */
  forward(images: Tensor): Tensor {
    return tidy(() => this.#made.reduce((map, { module }) => module.forward(map, CALIBRATE), images.clone()));
  }

  /** The tensors of a block, in order. */
  tensorsOf(block: number) {
    const modules = this.#made.filter((one) => one.block === block);
    return new Map(modules.flatMap(({ module }, at) => [...module.tensors(`${at}.`)]));
  }

  dispose(): void {
    for (const { module } of this.#made) module.dispose();
  }
}

/** Whether an operation can be cut to other channels. */
export function isSliceable(module: Network): module is Network & MBConv {
  return module instanceof MBConv;
}
