import { readFileSync } from 'node:fs';
import { quoteShort } from 'dna-nas/archives';
import { counted } from 'dna-nas/errors';
import { classesInvalid, classMismatch } from './errors.js';
import type { FoundImages } from './found-images.js';

/** Classes in the order of their labels, and how a folder's name becomes a label. */
export interface Classes {
  readonly names: readonly string[];
  /** @throws DnaError `DATA_MISMATCH` for a class that is not among them */
  labelOf(folder: string): number;
}

/** Reads a TSV file: line number (from 0) is the label; WordNet id, name. @throws DnaError `DATA_CLASSES` */
export function readClasses(file: string): Classes {
  const rows = readRows(file);
  const labels = new Map<string, number>();
  rows.forEach(([id], label) => {
    if (labels.has(id))
      throw classesInvalid(file, `${quoteShort(id)} stands in lines ${labels.get(id)! + 1} and ${label + 1}`);
    labels.set(id, label);
  });
  // Two classes of ImageNet have one name (crane, maillot): a name that is not unique names none.
  const names = rows.map(([id, name]) => name ?? id);
  names.forEach((name, label) => {
    if (!labels.has(name) && names.indexOf(name) === names.lastIndexOf(name)) labels.set(name, label);
  });
  return {
    names,
    labelOf: (folder) => numbered(folder, rows.length) ?? labels.get(folder) ?? unknown(folder, file),
  };
}

function readRows(file: string): [id: string, name: string | undefined][] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw classesInvalid(file, (error as Error).message);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw classesInvalid(file, 'it is empty');
  return lines.map((line, number) => {
    const [id = '', name] = line.split('\t').map((cell) => cell.trim());
    if (id === '') throw classesInvalid(file, `line ${number + 1} is ${quoteShort(line)}`);
    return [id, name];
  });
}

function unknown(folder: string, file: string): never {
  throw classMismatch(
    `The class ${quoteShort(folder)} of the images is not in ${file}.`,
    'Add it there, take another file (data.classes), or leave its images out.',
  );
}

/** Label of `#7`. */
function numbered(folder: string, count: number): number | undefined {
  const digits = /^#(\d+)$/.exec(folder)?.[1];
  if (digits === undefined) return undefined;
  const label = Number(digits);
  if (label < count) return label;
  throw classMismatch(
    `A sample has the label ${label}, and there ${count === 1 ? 'is' : 'are'} ${counted(count, 'class')}.`,
    'Take the file of classes that belongs to these images (data.classes).',
  );
}

/** Classes without a file: the folders' names in their order, or as many as the greatest number says. */
export function classesOfImages({ train, validation, test, classNames }: FoundImages): Classes {
  const found = new Set([train, validation, test].flatMap((part) => part?.classes ?? []));
  const numbers = [...found].filter((name) => name.startsWith('#')).map((name) => Number(name.slice(1)));
  if (numbers.length > 0 && numbers.length < found.size) {
    throw classMismatch(
      'Some samples have numbers for classes, and others names.',
      'Set data.classes to a TSV file.',
    );
  }
  if (classNames) return { names: classNames, labelOf: (folder) => numbered(folder, classNames.length)! };
  if (numbers.length > 0) {
    const count = numbers.reduce((most, number) => Math.max(most, number), 0) + 1;
    const names = Array.from({ length: count }, (_, label) => `class ${label}`);
    return { names, labelOf: (folder) => numbered(folder, count)! };
  }
  const names = [...found].sort();
  const labels = new Map(names.map((name, label) => [name, label]));
  return { names, labelOf: (folder) => labels.get(folder)! };
}

/** Classes of images without labels: what the teacher's are called, where a file tells. */
export function unlabelled(ofFile: Classes | undefined): Classes {
  return { names: ofFile?.names ?? [], labelOf: () => 0 };
}
