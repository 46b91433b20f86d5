import type { Architecture, CellSupernet, Network, Teacher, TeacherRest } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { boundaryFeatures } from '../../features/index.js';
import { CALIBRATE } from '../../module.js';
import { cellOutput } from '../../space/layer-channels.js';
import { type Tensor, type Tensor4D, tidy } from '../../tensor.js';
import { assembleNetwork, tensorsBehind } from '../assemble-network.js';
import { eachCalibrationBatch } from '../calibration-images.js';
import { chooseChannels } from './choose-channels.js';
import { cutHead, cutMbConv, type LayerTensors, readersOf } from './cut-layers.js';
import { filled, type SourceIndices } from './cut-tensor.js';
import { fitProjection } from './fit-projection.js';
import { type LinearFit, Moments } from './moments.js';
import { type ChainLayer, isSliceable, SlicedChain } from './sliced-chain.js';

/** Batches that a fit is on: each position of each map counts, and every fit looks at all of them. */
const FIT_BATCHES = 4;

/** The trained parts of a network, which are only read. */
export interface SliceSource {
  readonly world: World;
  readonly teacher: Teacher;
  /** One a block. */
  readonly cells: readonly CellSupernet[];
  readonly head: TeacherRest;
}

/**
 * Gives a network of other channels between its blocks than the teacher's what fits of trained cells and of the
 * teacher's head. Layer by layer, where channels differ:
 *
 * - a block's last layer puts out those of the teacher's channels from which the next block can tell the others best;
 * - a block's first layer reads, through the least-squares map from the channels that it has to those that it was
 *   trained to read, which is taken into its first convolution;
 * - inside, the channels are kept that the layer's last convolution needs most, and this one is fitted anew to what
 *   the layer put out in the supernet, or, at a block's end, to the teacher's map.
 *
 * The fits are on a quarter of the images that batch norms are calibrated on, by the statistics of the batch.
 */
export async function sliceWeights(
  network: Network,
  architecture: Architecture,
  source: SliceSource,
): Promise<void> {
  const slicing = new Slicing(architecture, source);
  try {
    await slicing.cutCells();
    const { image } = source.world.data;
    assembleNetwork(network, { cells: slicing.tensors(), image });
    const to = tensorsBehind(network, image);
    cutHead({ from: source.head.tensors(), to, adapter: await slicing.adapter() });
  } finally {
    slicing.dispose();
  }
}

class Slicing {
  readonly #architecture: Architecture;
  readonly #source: SliceSource;
  readonly #chain: SlicedChain;

  constructor(architecture: Architecture, source: SliceSource) {
    this.#architecture = architecture;
    this.#source = source;
    this.#chain = new SlicedChain(source.world);
  }

  async cutCells(): Promise<void> {
    for (const [block, { cell, path }] of this.#architecture.entries()) {
      const entrance = this.#chain.open(block);
      if (entrance) this.#take(block, entrance, this.#named(block, 'entrance.'));
      for (const [layer, operation] of path.entries())
        await this.#cutLayer(this.#chain.make({ block, cell, layer }, operation));
    }
  }

  tensors() {
    return this.#architecture.map((_, block) => this.#chain.tensorsOf(block));
  }

  /** What tells the teacher's map behind the last block from the network's. */
  async adapter(): Promise<LinearFit | undefined> {
    const { blocks } = this.#source.world;
    const channels = this.#outputsOf(blocks.length - 1);
    return channels === blocks.at(-1)!.output.channels ? undefined : this.#adapt(blocks.length - 1, channels);
  }

  async #cutLayer(layer: ChainLayer): Promise<void> {
    const { block, module, last } = layer;
    const from = this.#layerTensors(layer);
    if (isSame(from, module.tensors())) return this.#take(block, module, from);
    if (!isSliceable(module)) throw new Error(`Layer ${layer.layer + 1} of block ${block + 1} is no MBConv.`);
    const read = this.#source.world.blocks[block]!.input.channels;
    const differs = layer.layer === 0 && block > 0 && layer.inputs !== read;
    const adapter = differs ? await this.#adapt(block - 1, layer.inputs) : undefined;
    const outputs = last ? await this.#outputs(block, layer.outputs) : all(layer.outputs);
    cutMbConv({ from, to: module.tensors(), adapter }, outputs);
    await fitProjection(module, outputs, (add) =>
      this.#look((images) => add(this.#chain.forward(images), this.#target(layer, images))),
    );
    this.#chain.add(block, module);
  }

  /** A layer that is as it was in the supernet. */
  #take(block: number, module: Network, from: LayerTensors): void {
    for (const [name, tensor] of module.tensors())
      tensor.set(new Float32Array(from.get(name)!.value.dataSync()));
    this.#chain.add(block, module);
  }

  /** Least squares from the network's map behind a block to the teacher's. */
  async #adapt(block: number, channels: number): Promise<LinearFit> {
    const moments = new Moments(channels, this.#source.world.blocks[block]!.output.channels);
    await this.#look((images) => moments.add(this.#chain.forward(images), this.#border(block, images)));
    return moments.fit();
  }

  /** Which of the teacher's channels a block puts out. */
  async #outputs(block: number, count: number): Promise<SourceIndices> {
    const { channels } = this.#source.world.blocks[block]!.output;
    if (count >= channels) return filled(all(channels), count);
    const moments = new Moments(channels, 0);
    await this.#look((images) => moments.add(this.#border(block, images)));
    return chooseChannels({ covariance: moments.covariance(), readers: this.#readers(block), count });
  }

  /** What reads the map behind a block: the next one's first layer, or the head. */
  #readers(block: number): Float64Array {
    const next = block + 1;
    if (next === this.#architecture.length) return readersOf(this.#source.head.tensors());
    return readersOf(
      this.#layerTensors({ block: next, layer: 0, operation: this.#architecture[next]!.path[0]! }),
    );
  }

  /** What a layer is to put out: the teacher's map at a block's end, before it what it put out in the supernet. */
  #target({ block, layer, last, operation }: ChainLayer, images: Tensor4D): Tensor {
    if (last) return this.#border(block, images);
    const cell = this.#source.cells[block]!;
    const input = block === 0 ? images : this.#border(block - 1, images);
    return tidy(() => {
      const path = this.#architecture[block]!.path.slice(0, layer);
      const map = path.reduce(
        (x: Tensor, one, at) => cell.layer(at, one, x, CALIBRATE),
        cell.entrance(input, CALIBRATE),
      );
      return cell.layer(layer, operation, map, CALIBRATE);
    });
  }

  /** The teacher's map behind a block, in the student's size. */
  #border(block: number, images: Tensor4D): Tensor4D {
    const { outputStage: stage, output: shape } = this.#source.world.blocks[block]!;
    return boundaryFeatures(this.#source.teacher, [{ stage, shape }], images)[0]!;
  }

  async #look(look: (images: Tensor4D) => void): Promise<void> {
    await eachCalibrationBatch(this.#source.world, (images) => tidy(() => look(images)), FIT_BATCHES);
  }

  #layerTensors({
    block,
    layer,
    operation,
  }: Pick<ChainLayer, 'block' | 'layer' | 'operation'>): LayerTensors {
    return this.#named(block, `layers.${layer}.operations.${operation}.`);
  }

  /** Of a block's cell, the tensors below a prefix, without it. */
  #named(block: number, prefix: string): LayerTensors {
    const tensors = this.#source.cells[block]!.pathTensors(this.#architecture[block]!.path);
    const own = [...tensors].filter(([name]) => name.startsWith(prefix));
    return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  }

  #outputsOf(block: number): number {
    const { space } = this.#source.world;
    return cellOutput(space.blocks[block]!, this.#architecture[block]!.cell);
  }

  dispose(): void {
    this.#chain.dispose();
  }
}

const all = (count: number): SourceIndices => Array.from({ length: count }, (_, at) => at);

function isSame(one: LayerTensors, other: LayerTensors): boolean {
  return [...other].every(([name, { shape }]) => one.get(name)?.shape.join() === shape.join());
}
