import { resolveConfig } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import type { DataDescription, Dataset, TeacherDescription } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { openDataset } from 'dna-nas/core/run';
import type { DnaError } from 'dna-nas/errors';

/** What some images are like, before there is a configuration. */
export interface SeenImages {
  readonly data: DataDescription;
  /** Pixels of an image of the middle of those that were looked at: its shorter side. */
  readonly shorterSide: number;
}

/** Images whose files are looked at. */
const SAMPLE = 64;

/**
 * Opens a folder or list of images, and looks at some of them. Where nothing in a folder tells classes, its images are
 * taken without labels.
 * @throws DnaError of data-imagenet
 */
export async function lookAtImages(project: string, path: string): Promise<SeenImages> {
  const dataset = await openImages(project, path);
  try {
    const { train } = dataset.description.size;
    const count = Math.min(SAMPLE, train);
    const indices = Array.from({ length: count }, (_, index) => Math.floor((index * train) / count));
    const seen = (await dataset.inspect?.('train', indices)) ?? [];
    const sides = seen
      .map(({ width, height }) => Math.min(width, height))
      .filter((side) => side > 0)
      .sort((one, other) => one - other);
    return { data: dataset.description, shorterSide: sides[sides.length >> 1] ?? 0 };
  } finally {
    await dataset.close();
  }
}

async function openImages(project: string, path: string): Promise<Dataset> {
  const open = async (options: JsonObject) =>
    openDataset(await runWith(project, { data: { use: 'imagenet', path, ...options } }));
  try {
    return await open({});
  } catch (error) {
    if ((error as DnaError)?.code !== 'DATA_NO_IMAGES') throw error;
    return open({ labels: false });
  }
}

/** What a weights file holds. @throws DnaError of teacher-efficientnet */
export async function lookAtTeacher(project: string, teacher: JsonObject): Promise<TeacherDescription> {
  const run = await runWith(project, { teacher: { use: 'efficientnet', ...teacher } });
  return (await run.resolve('resolveTeacher', 'teacher')).describe();
}

/** With a plugin beside the slots a configuration need not fill them all. */
async function runWith(project: string, config: object) {
  const resolved = await resolveConfig({ project, configFile: false, config, plugins: ['backend-auto'] });
  return applyPlugins(resolved, { project, main: false });
}
