import { type PluginRun, randomStream } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import type {
  Block,
  Costs,
  DataDescription,
  DataSource,
  Dataset,
  SearchSpace,
  TeacherDescription,
  TeacherSource,
} from 'dna-nas/core/contracts';
import { applyPlugins, INPUT_HOOKS } from 'dna-nas/core/plugin';
import { describeWithTeacher, openDataset, partition } from 'dna-nas/core/run';
import type { UserConfig } from '../user-config.js';

/** What a preset may derive values from. */
export interface DerivationFacts {
  readonly data: DataDescription;
  /** Absent where the run has none, or where nothing is known of it yet. */
  readonly teacher?: TeacherDescription;
  /** Median costs of networks drawn evenly from the space that the configuration has with these values. */
  medianCosts(values: UserConfig): Promise<Costs>;
}

/** Values, and why each is as it is, by dotted path. */
export interface Derivation {
  readonly values: UserConfig;
  readonly reasons: Readonly<Record<string, string>>;
}

/** What a preset's module may export beside its values, as `derive`: values that depend on the data. */
export type Derive = (facts: DerivationFacts) => Promise<Derivation>;

/** Networks whose costs are looked at. */
const DRAWN = 101;

/**
 * Derives a preset's values from what a configuration without them says of data and teacher. Undefined where nothing is
 * known of the data: what is wrong with them is told by who reads them.
 */
export async function deriveValues(
  derive: Derive,
  config: ResolvedConfig,
  tools: { project: string; resolveWith(values: UserConfig): Promise<ResolvedConfig> },
): Promise<Derivation | undefined> {
  const apply = (some: ResolvedConfig) =>
    applyPlugins(some, { project: tools.project, main: false, asked: INPUT_HOOKS });
  const run = await apply(config);
  const found = await describeData(await run.resolve('resolveData', 'data'));
  if (!found) return undefined;
  const teacher = await describeTeacher(config, run);
  const data = withClasses(found, teacher);
  if (!data) return undefined;
  return derive({
    data,
    ...(teacher && { teacher }),
    async medianCosts(values) {
      const space = (await apply(await tools.resolveWith(values))).resolve('resolveSpace', 'space');
      return medianCosts(await space, data);
    },
  });
}

/**
 * The blocks that teacher and space of a configuration are cut into: by what their options tell, so that neither images
 * nor weights need be there, else by themselves.
 * @throws DnaError what teacher, data and partition throw
 */
export async function cutBlocks(config: ResolvedConfig, project: string): Promise<readonly Block[]> {
  const run = await applyPlugins(config, { project, main: false, asked: INPUT_HOOKS });
  const space = await run.resolve('resolveSpace', 'space');
  const source = await run.resolve('resolveData', 'data');
  const data = source.outline?.() ?? (await described(openDataset(run)));
  const teacher = await run.resolve('resolveTeacher', 'teacher');
  return partition(run, { teacher: teacher.outline?.() ?? (await teacher.describe()), data, space });
}

async function described(opening: Promise<Dataset>): Promise<DataDescription> {
  const dataset = await opening;
  await dataset.close();
  return dataset.description;
}

async function describeData(source: DataSource): Promise<DataDescription | undefined> {
  try {
    const dataset = await source.open();
    await dataset.close();
    return dataset.description;
  } catch {
    return source.outline?.();
  }
}

/** Undefined where data without labels have no teacher yet that tells their classes, or one of other classes. */
function withClasses(data: DataDescription, teacher?: TeacherDescription): DataDescription | undefined {
  if (data.labels !== false) return data;
  try {
    return teacher && describeWithTeacher(data, teacher);
  } catch {
    return undefined;
  }
}

async function describeTeacher(
  { plugins }: ResolvedConfig,
  run: PluginRun,
): Promise<TeacherDescription | undefined> {
  if (!plugins.some(({ slot }) => slot === 'teacher')) return undefined;
  const source: TeacherSource = await run.resolve('resolveTeacher', 'teacher');
  try {
    return await source.describe();
  } catch {
    return source.outline?.();
  }
}

function medianCosts(space: SearchSpace, data: DataDescription): Costs {
  const drawn = Array.from({ length: DRAWN }, (_, index) => drawnCosts(space, data, index));
  const median = (name: string) => drawn.map((costs) => costs[name]!).sort((a, b) => a - b)[DRAWN >> 1]!;
  return Object.fromEntries(Object.keys(drawn[0]!).map((name) => [name, median(name)]));
}

function drawnCosts(space: SearchSpace, { image, classes }: DataDescription, index: number): Costs {
  const random = randomStream(1).fork('median-costs', index);
  const sum: Record<string, number> = {};
  const add = (costs: Costs) => {
    for (const [name, cost] of Object.entries(costs)) sum[name] = (sum[name] ?? 0) + cost;
  };
  let shape = image;
  for (const [block, { cells }] of space.blocks.entries()) {
    const cell = random.integer(cells.length);
    const path = cells[cell]!.layers.map((layer) => random.integer(layer.length));
    const { output, costs } = space.priceBlock(block, { cell, path }, shape);
    add(costs);
    shape = output;
  }
  add(space.priceHead(shape, classes));
  return sum;
}
