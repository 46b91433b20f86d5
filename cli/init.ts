import { existsSync, writeFileSync } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import type { TeacherDescription } from 'dna-nas/core/contracts';
import { wrongUsage } from 'dna-nas/errors';
import { configThere, lookAtImages, lookAtTeacher, type SeenImages } from 'dna-nas/run-tools';
import { quote, quoteIfNeeded } from 'dna-nas/run-tools/words';
import { CONFIG_FILE, CONFIG_FILES } from './config-files.js';
import { type Answers, openAnswers } from './init/answers.js';
import { classesText, configText, type InitialConfig } from './init/config-text.js';
import { findImageFolders, findTeachers } from './init/find-inputs.js';

export interface InitOptions {
  readonly teacher?: string;
  readonly architecture?: string;
  readonly imageSize?: string;
  readonly name?: string;
  readonly force?: boolean;
}

/** `dna init`: looks at images and a teacher, and writes a configuration that runs. */
export async function initCommand(images: string | undefined, options: InitOptions): Promise<void> {
  const project = process.cwd();
  requireNone(project, options.force ?? false);
  const answers = openAnswers();
  try {
    const config = await collect({ project, images, options, answers });
    writeFileSync(resolve(project, CONFIG_FILE), configText(config), { flag: options.force ? 'w' : 'wx' });
    process.stdout.write(summary(config));
  } finally {
    answers.close();
  }
}

/** A configuration of another format beside it would leave open which one counts. */
function requireNone(project: string, force: boolean): void {
  const there = CONFIG_FILES.filter((file) => !force || file !== CONFIG_FILE).find((file) =>
    existsSync(resolve(project, file)),
  );
  if (there !== undefined) throw configThere(there);
}

interface Request {
  readonly project: string;
  readonly images: string | undefined;
  readonly options: InitOptions;
  readonly answers: Answers;
}

async function collect(request: Request): Promise<InitialConfig> {
  const { project, options } = request;
  const images = await chooseImages(request);
  const seen = await lookAtImages(project, images);
  const weights = await chooseTeacher(request);
  const hasTeacher = existsSync(resolve(project, weights));
  const teacher = { weights, architecture: options.architecture };
  const known = hasTeacher ? await describe(project, teacher) : undefined;
  const imageSize = await chooseSize(request, proposedSize(seen, known));
  const name = options.name ?? runName(images);
  return { name, images: shown(project, images), ...seen, imageSize, teacher, hasTeacher };
}

function describe(project: string, teacher: InitialConfig['teacher']): Promise<TeacherDescription> {
  const { weights, architecture } = teacher;
  return lookAtTeacher(project, { weights, ...(architecture !== undefined && { architecture }) });
}

async function chooseImages({ project, images, answers }: Request): Promise<string> {
  if (images !== undefined) return images;
  const found = findImageFolders(project);
  const missing =
    found.length === 0
      ? 'There is no folder of images here.'
      : `There are several folders of images here: ${found.join(', ')}.`;
  const proposal = found.length === 1 ? found[0] : undefined;
  return answers.ask('Folder or list of images', {
    proposal,
    missing,
    fix: 'Name one: dna init photos. It holds a folder a class, labels.csv, or images without labels.',
  });
}

async function chooseTeacher({ project, options, answers }: Request): Promise<string> {
  if (options.teacher !== undefined) {
    if (!existsSync(resolve(project, options.teacher)))
      throw wrongUsage(
        `There is no file ${options.teacher}.`,
        'Name the teacher’s weights, or leave --teacher out to train one.',
      );
    return shown(project, options.teacher);
  }
  const found = findTeachers(project);
  const proposal = found.length > 1 ? undefined : (found[0] ?? 'teacher.safetensors');
  const chosen = await answers.ask('Weights of the teacher', {
    proposal: proposal && `./${proposal}`,
    missing:
      found.length > 1
        ? `There are several files of weights here: ${found.join(', ')}.`
        : 'No teacher was named.',
    fix: 'Name the teacher: --teacher FILE.',
  });
  return shown(project, chosen);
}

async function chooseSize({ options, answers }: Request, proposal: number): Promise<number> {
  const text =
    options.imageSize ??
    (await answers.ask('Height and width at which images are seen', {
      proposal: String(proposal),
      missing: 'No size was given.',
      fix: 'Name it: --image-size 64.',
    }));
  const size = Number(text);
  if (Number.isInteger(size) && size >= 8) return size;
  throw wrongUsage(
    `The image size is ${JSON.stringify(text)}; a whole number from 8 is expected.`,
    'Say, 64.',
  );
}

/** Beyond it a run without a GPU takes hours. */
const LARGEST = 96;

/** A small teacher's own size; else that of the images, within what a processor can do; a multiple of 16. */
function proposedSize({ shorterSide }: SeenImages, teacher: TeacherDescription | undefined): number {
  const own = teacher?.input.height ?? Number.POSITIVE_INFINITY;
  if (own <= LARGEST) return own;
  const most = Math.min(LARGEST, shorterSide || LARGEST);
  return Math.max(16, most - (most % 16));
}

/** Relative to the project, with slashes, beginning with `./` unless it leads out. */
function shown(project: string, path: string): string {
  const within = relative(project, resolve(project, path)).split(sep).join('/');
  return within.startsWith('..') ? within : `./${within}`;
}

function runName(images: string): string {
  const name = basename(resolve(images))
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^A-Za-z0-9._-]/g, '-');
  return /^[A-Za-z0-9]/.test(name) ? name : 'run';
}

function summary(config: InitialConfig): string {
  const { images, data, imageSize, hasTeacher } = config;
  const { size } = data;
  const splits = `${size.train} training, ${size.validation} validation and ${size.test} test images`;
  const steps = [
    ['dna data check', 'read every image once: what is damaged, unbalanced or there twice'],
    // A teacher cannot learn from images without labels.
    ...(hasTeacher || data.labels === false
      ? []
      : [[trainCommand(config), 'train the teacher that the configuration names']]),
    ['dna plan', 'what fits, what is missing, and how long it will take'],
    ['dna run', 'search the network'],
  ];
  const lines = steps.map(([command, what]) => `  ${command}\n      ${what}`);
  return `${CONFIG_FILE}: ${splits} ${classesText(data)} in ${images}, seen at ${imageSize}×${imageSize}.\n\nNext:\n${lines.join('\n')}\n`;
}

/** Steps by which a small teacher learns some hundred images. */
const TEACHER_STEPS = 1500;
const MOST_EPOCHS = 150;
/** Rate of `dna teacher train` for each image of a batch. */
const RATE_AN_IMAGE = 0.2 / 128;

function trainCommand({ images, data, imageSize, teacher }: InitialConfig): string {
  const { train } = data.size;
  const batch = Math.max(2, Math.min(128, train, 2 ** Math.round(Math.log2(Math.max(16, train / 12)))));
  const epochs = Math.ceil(Math.min(MOST_EPOCHS, TEACHER_STEPS / Math.floor(train / batch)));
  const rate = Number((RATE_AN_IMAGE * batch).toPrecision(2));
  const dataOptions = quote(`{ path: ${images}, imageSize: ${imageSize} }`);
  return (
    `dna teacher train --data imagenet --data-options ${dataOptions} --backend auto ` +
    `--epochs ${epochs} --batch ${batch} --learning-rate ${rate} --out ${quoteIfNeeded(teacher.weights)}`
  );
}
