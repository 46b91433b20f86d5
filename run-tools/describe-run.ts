import { resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { PluginRun } from 'dna-nas/core';
import type { Counting, LayerCost, Network, SearchSpace, SpaceBlock } from 'dna-nas/core/contracts';
import { applyPlugins, INPUT_HOOKS } from 'dna-nas/core/plugin';
import { describeWithTeacher, openDataset } from 'dna-nas/core/run';
import { networkCount, planNetwork } from 'dna-nas/core/space';
import type { DnaError } from 'dna-nas/errors';
import { type CostRange, costRange } from './plan/cost-range.js';

/** One network, counted. */
export interface NetworkDescription extends Counting {
  /** Its layers in one line. */
  readonly text: string;
  readonly params: number;
  readonly macs: number;
  readonly layers: readonly LayerCost[];
}

/** A search space, counted. */
export interface SpaceDescription extends Counting {
  readonly name: string;
  readonly blocks: readonly SpaceBlock[];
  readonly networks: number;
  readonly costs: CostRange;
}

export interface DescribeOptions {
  /** Height and width to count at. @default the data set's */
  readonly imageSize?: number;
}

/** What is counted on where the data set is not at hand. */
const IMAGENET: Counting = { image: { height: 224, width: 224, channels: 3 }, classes: 1000 };

/** Parameters and multiply-adds of a network: a published one by its name, or a text that the configuration's space reads. */
export async function describeNetwork(
  request: ConfigRequest,
  text: string,
  options: DescribeOptions = {},
): Promise<NetworkDescription> {
  const { space, counting } = await open(request, options);
  const plan = planNetwork(space, text);
  const network = plan.create(counting);
  const { params, macs } = network.cost(counting.image);
  return { text: plan.text, ...counting, params, macs, layers: layersOf(network, counting) };
}

/** The configuration's space: its cells, how many networks it has, and what they cost. */
export async function describeSpace(
  request: ConfigRequest,
  options: DescribeOptions = {},
): Promise<SpaceDescription> {
  const { space, counting } = await open(request, options);
  const { name, blocks } = space;
  return { name, ...counting, blocks, networks: networkCount(blocks), costs: costRange(space, counting) };
}

async function open(
  request: ConfigRequest,
  { imageSize }: DescribeOptions,
): Promise<{ space: SearchSpace; counting: Counting }> {
  const config = await resolveConfig(request);
  const project = resolve(request.project ?? process.cwd());
  const run = await applyPlugins(config, { project, main: false, asked: INPUT_HOOKS });
  const space = await run.resolve('resolveSpace', 'space');
  const { image, classes } = await countingOrUsual(run);
  const size = imageSize === undefined ? {} : { height: imageSize, width: imageSize };
  return { space, counting: { image: { ...image, ...size }, classes } };
}

/**
 * What a run's networks are counted on: told by the data's options if they can, so that no data are needed, else by the
 * data set itself.
 * @throws DnaError where the data set cannot be opened.
 */
export async function countingOf(run: PluginRun): Promise<Counting> {
  const source = await run.resolve('resolveData', 'data');
  const outline = source.outline?.();
  if (outline) return outline;
  const dataset = await openDataset(run);
  await dataset.close();
  const { description } = dataset;
  if (description.labels !== false || run.architectures) return description;
  const teacher = await run.resolve('resolveTeacher', 'teacher');
  return describeWithTeacher(description, await teacher.describe());
}

async function countingOrUsual(run: PluginRun): Promise<Counting> {
  try {
    return await countingOf(run);
  } catch (error) {
    if ((error as DnaError)?.name !== 'DnaError') throw error;
    return IMAGENET;
  }
}

function layersOf(network: Network, { image }: Counting): LayerCost[] {
  return network.layers?.(image) ?? [{ name: '', text: 'the whole network', ...network.cost(image) }];
}
