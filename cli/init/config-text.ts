import type { DataDescription } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';

/** What a configuration is written of. */
export interface InitialConfig {
  readonly name: string;
  /** Relative to the project, with slashes. */
  readonly images: string;
  readonly data: DataDescription;
  /** Shorter side of an image of the middle; 0: not known. */
  readonly shorterSide: number;
  readonly imageSize: number;
  readonly teacher: { readonly weights: string; readonly architecture?: string | undefined };
  /** Whether the teacher's file is there. */
  readonly hasTeacher: boolean;
}

/** `dna.config.ts`, with a comment on all that one may want to change. */
export function configText(config: InitialConfig): string {
  const { name, images, data, shorterSide, imageSize, teacher } = config;
  const { size, testFrom } = data;
  const all = size.train + size.validation + size.test;
  const test =
    testFrom === 'held-out'
      ? `There are no test images: ${size.test} are split off, the same in every run (testShare, testSeed).`
      : `${size.test} test images.`;
  const original = shorterSide > 0 ? `Half of the images are at least ${shorterSide} pixels a side. ` : '';
  const architecture =
    teacher.architecture === undefined ? '' : `architecture: ${quoted(teacher.architecture)}, `;
  return `import { defineConfig } from 'dna-nas';

// ${all} images ${classesText(data)}. \`dna config\` shows every value, where it came from and why.
export default defineConfig({
  // Space, steps, rates, batches and limits follow the images; what is written here stands over them.
  extends: 'auto',
  // Folder of the run below runs/.
  name: ${quoted(name)},
  data: {
    use: 'imagenet',
    // ${test}
    path: ${quoted(images)},
    // ${original}Twice the side takes four times as long.
    imageSize: ${imageSize},${unlabelledLines(data)}
  },
  // ${teacherText(config)}
  teacher: { use: 'efficientnet', ${architecture}weights: ${quoted(teacher.weights)} },
  // Greatest costs of the network that is looked for; without this, half of what the space's networks need.
  // search: { limits: { macs: 5_000_000, params: 200_000 } },
});
`;
}

/** `of 3 classes`, `without labels`. */
export function classesText({ classes, labels }: DataDescription): string {
  return labels === false ? 'without labels' : `of ${counted(classes!, 'class')}`;
}

function unlabelledLines({ labels }: DataDescription): string {
  if (labels !== false) return '';
  return `
    // Networks learn what the teacher answers to these images, and are tested by it.
    labels: false,`;
}

function teacherText({ data, hasTeacher }: InitialConfig): string {
  if (data.labels === false)
    return `${hasTeacher ? 'Its' : 'Not there yet: bring a trained one. Its'} classes are what networks learn to tell apart.`;
  return hasTeacher
    ? 'It must know these classes: `dna plan` tries it.'
    : 'Not there yet: `dna teacher train` makes it.';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
