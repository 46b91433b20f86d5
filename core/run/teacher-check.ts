import { grouped } from 'dna-nas/errors';
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

/** A teacher that does not classify the images that it is to teach. */
export interface TeacherFault {
  readonly text: string;
  readonly fix: string;
}

/** How a teacher did on some validation images, with what that says against it; or why it was not tried. */
export interface TeacherTrial {
  readonly check?: TeacherCheck;
  readonly fault?: TeacherFault;
  readonly untried?: string;
}

/** Tries a run's teacher on so many validation images. Called where a backend is started. */
export async function tryTeacher(
  source: TeacherSource,
  teacher: TeacherDescription,
  { dataset, images }: { readonly dataset: Dataset; readonly images: number },
): Promise<TeacherTrial> {
  if (teacher.warning !== undefined) return { untried: teacher.warning };
  if (dataset.description.labels === false)
    return { untried: 'the data have no labels by which it could be tried' };
  if (!source.check) return { untried: 'its plugin has no check' };
  const check = await source.check(dataset, images);
  const fault = faultOf(check, dataset.description);
  return { check, ...(fault && { fault }) };
}

/** The same of a run's own, on the fewer images, the larger it is. */
export async function checkTeacher(run: PluginRun, dataset: Dataset): Promise<TeacherTrial> {
  const source = await run.resolve('resolveTeacher', 'teacher');
  const teacher = await source.describe();
  const images = Math.min(MOST_IMAGES, Math.max(LEAST_IMAGES, Math.floor(MOST_MACS / teacher.macs)));
  return tryTeacher(source, teacher, { dataset, images });
}

/** A trial in words. */
export function tellTrial({ images, top1 }: TeacherCheck): string {
  return `top-1 ${(100 * top1).toFixed(1)} % of ${grouped(images)} validation images`;
}

/** Undefined where nothing speaks against it, or the images are too few to say so. Its features can be imitated all the same. */
function faultOf(check: TeacherCheck, { classes }: DataDescription): TeacherFault | undefined {
  const chance = 1 / classes;
  const least = chance + LEAST_SKILL * (1 - chance);
  const deviation = Math.sqrt((least * (1 - least)) / check.images);
  if (check.top1 >= least - WIDTH * deviation) return undefined;
  return {
    text: `${tellTrial(check)}: it does not classify these data, and whoever imitates it learns little of them`,
    fix: 'Check that the weights are trained ones, that data.mean and data.std are those of its training, and that the classes are in its order; or train one on these data (`dna teacher train`).',
  };
}
