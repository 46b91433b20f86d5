import type { DataDescription, Dataset, TeacherDescription, TeacherSource } from '../contracts/index.js';
import type { PluginRun } from '../plugin/plugin.js';
import type { TeacherCheck } from '../stages/index.js';

/** A teacher must be this far from guessing (0) to always right (1). */
const LEAST_SKILL = 0.3;
/** Deviations to either side of a 95 % interval. */
const WIDTH = 1.96;
/** Images that a run tries its teacher on, where they cost no more than `MOST_MACS`. */
const MOST_IMAGES = 300;
/** So many right answers are no luck. */
const LEAST_IMAGES = 16;
/** About a second of a core. */
const MOST_MACS = 1e10;

/** What a teacher was tried on, or why it was not. */
export type TriedTeacher = { readonly check: TeacherCheck } | { readonly untried: string };

/** A teacher that does not classify the images that it is to teach. */
export interface TeacherFault {
  readonly text: string;
  readonly fix: string;
}

/** Tries a run's teacher on so many validation images. Called where a backend is started. */
export async function tryTeacher(
  source: TeacherSource,
  teacher: TeacherDescription,
  { dataset, images }: { readonly dataset: Dataset; readonly images: number },
): Promise<TriedTeacher> {
  if (teacher.warning !== undefined) return { untried: teacher.warning };
  if (dataset.description.labels === false)
    return { untried: 'the data have no labels by which it could be tried' };
  if (!source.check) return { untried: 'its plugin has no check' };
  return { check: await source.check(dataset, images) };
}

/** Images that a run tries a teacher on: the larger the teacher, the fewer. */
export function trialImages({ macs }: TeacherDescription): number {
  return Math.min(MOST_IMAGES, Math.max(LEAST_IMAGES, Math.floor(MOST_MACS / macs)));
}

/**
 * What a trial says against a teacher; undefined where nothing, or where its images are too few to say so. Such a
 * teacher has features that can be imitated all the same.
 */
export function teacherFault(
  { images, top1 }: TeacherCheck,
  { classes }: DataDescription,
): TeacherFault | undefined {
  const chance = 1 / classes;
  const least = chance + LEAST_SKILL * (1 - chance);
  const deviation = Math.sqrt((least * (1 - least)) / images);
  if (top1 >= least - WIDTH * deviation) return undefined;
  return {
    text: `${tellTrial({ images, top1 })}: it does not classify these data, and whoever imitates it learns little of them`,
    fix: 'Check that the weights are trained ones, that data.mean and data.std are those of its training, and that the classes are in its order; or train one on these data (`dna teacher train`).',
  };
}

/** A trial in words. */
export function tellTrial({ images, top1 }: Pick<TeacherCheck, 'images' | 'top1'>): string {
  return `top-1 ${(100 * top1).toFixed(1)} % of ${images.toLocaleString('en')} validation images`;
}

/** How a run's teacher did, and what is to be told of it: kept for later starts of the run. */
export interface TeacherTrial extends Partial<Pick<TeacherCheck, 'images' | 'top1'>> {
  readonly untried?: string;
  readonly warnings: readonly string[];
}

/** Tries the teacher of a run, in a thread that has a backend. */
export async function checkTeacher(run: PluginRun, dataset: Dataset): Promise<TeacherTrial> {
  const source = await run.resolve('resolveTeacher', 'teacher');
  const teacher = await source.describe();
  const tried = await tryTeacher(source, teacher, { dataset, images: trialImages(teacher) });
  if ('untried' in tried) return { ...tried, warnings: [] };
  const { images, top1 } = tried.check;
  const fault = teacherFault(tried.check, dataset.description);
  const warnings = fault ? [`The teacher ${teacher.name}: ${fault.text}. ${fault.fix}`] : [];
  return { images, top1, warnings };
}
