import type {
  Block,
  DataDescription,
  Dataset,
  SearchSpace,
  Supernet,
  Teacher,
  TeacherDescription,
  TeacherSource,
} from '../contracts/index.js';
import type { PluginRun } from '../plugin/plugin.js';
import { randomStream } from '../random.js';
import type { TrainingWorld, World } from '../stages/index.js';
import { otherChannels } from './data-errors.js';
import { datasetWithTeacher } from './teacher-classes.js';

/** Opens the data set, or takes it over from another thread. */
export async function openDataset(run: PluginRun, shared?: unknown): Promise<Dataset> {
  const source = await run.resolve('resolveData', 'data');
  return source.open(shared);
}

export interface DescribedTeacher {
  readonly source: TeacherSource;
  readonly description: TeacherDescription;
}

export async function describeTeacher(run: PluginRun): Promise<DescribedTeacher> {
  const source = await run.resolve('resolveTeacher', 'teacher');
  return { source, description: await source.describe() };
}

/**
 * Cuts teacher and student into blocks.
 * @throws DnaError `TEACHER_CHANNELS` where the teacher cannot see the data's images.
 */
export async function partition(
  run: PluginRun,
  { teacher, data, space }: { teacher: TeacherDescription; data: DataDescription; space: SearchSpace },
): Promise<readonly Block[]> {
  if (teacher.input.channels !== data.image.channels) throw otherChannels(teacher, data);
  const rule = await run.resolve('resolvePartition', 'partition');
  const blocks = rule({ teacher, image: data.image, blocks: space.blocks });
  return run.hooks.blocks.promise(blocks);
}

export interface WorldDependencies {
  readonly seed: number;
  readonly dataset: Dataset;
  readonly teacher: DescribedTeacher;
  readonly space: SearchSpace;
  readonly blocks: readonly Block[];
  readonly supernet: Supernet;
}

/** Assembles the world of a search; the teacher is loaded when it is first asked for. */
export function assembleWorld(dependencies: WorldDependencies): World {
  let loaded: Promise<Teacher> | undefined;
  const dataset = datasetWithTeacher(dependencies.dataset, dependencies.teacher.description);
  return {
    seed: dependencies.seed,
    random: randomStream(dependencies.seed),
    data: dataset.description,
    dataset,
    space: dependencies.space,
    blocks: dependencies.blocks,
    teacherDescription: dependencies.teacher.description,
    supernet: dependencies.supernet,
    teacher: () => {
      loaded ??= dependencies.teacher.source.load();
      return loaded;
    },
  };
}

/** Assembles the world of a run that trains a given network. */
export function assembleTrainingWorld(
  dependencies: Pick<WorldDependencies, 'seed' | 'dataset' | 'space'>,
): TrainingWorld {
  const { seed, dataset, space } = dependencies;
  return { seed, random: randomStream(seed), data: dataset.description, dataset, space };
}

/** All parts at once: how a worker, or a task run on its own, gets its world. */
export async function openWorld(run: PluginRun, shared?: unknown): Promise<TrainingWorld> {
  const dataset = await openDataset(run, shared);
  if (run.architectures !== undefined) {
    const space = await run.resolve('resolveSpace', 'space');
    return assembleTrainingWorld({ seed: run.seed, dataset, space });
  }
  const teacher = await describeTeacher(run);
  const space = await run.resolve('resolveSpace', 'space');
  const request = { teacher: teacher.description, data: dataset.description, space };
  const blocks = await partition(run, request);
  const supernet = await run.resolve('resolveSupernet', 'supernet');
  return assembleWorld({ seed: run.seed, dataset, teacher, space, blocks, supernet });
}
