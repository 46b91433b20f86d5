import { DnaError } from 'dna-nas/errors';
import {
  type FileLayer,
  ifExists,
  nodeFiles,
  openSealedJson,
  openSealedState,
  reading,
  readJournal,
  sealProblems,
} from 'dna-nas/files';
import { Checkpoints } from './checkpoints.js';
import { Disk } from './disk.js';
import { noRunFolder } from './errors.js';
import { requireFormat } from './format.js';
import { layout } from './layout.js';
import { hashOf, type OutputSeal, OutputSeals } from './output-seals.js';

/** What a look at every file of a run found. */
export interface RunVerification {
  /** Files that proved whole, by their names below the run's folder. */
  readonly whole: readonly string[];
  /** What is damaged or missing, one line each. */
  readonly problems: readonly string[];
  /** Files that nothing vouches for: left half written by a crash, or put there by somebody else. */
  readonly unknown: readonly string[];
}

/** How one file proves itself; undefined: nothing vouches for it. Lines are what is wrong. */
type Check = ((name: string, bytes: Uint8Array) => readonly string[]) | undefined;

const FIX = 'Restore it from a backup.';

/**
 * Checks every file of a run against its seal: results, checkpoints, tasks and owners carry one, outputs have theirs
 * in the manifest, each line of the journal has one. Only reads, executes nothing.
 * @throws DnaError `RUN_NOT_FOUND` where there is no run, `RUN_FORMAT` where a newer version has written it.
 */
export function verifyRun(folder: string, files: FileLayer = nodeFiles): RunVerification {
  const disk = new Disk(files, folder, []);
  const names = filesBelow(disk, '');
  if (!names.some((name) => name === layout.config || name === layout.manifest)) throw noRunFolder(folder);
  requireFormat(disk);
  const found = { whole: [] as string[], problems: [] as string[], unknown: [] as string[] };
  const { seals, journal } = new OutputSeals(disk).read();
  for (const name of names) {
    const check = checkOf(name, seals, disk);
    const problems = check?.(name, disk.read(name) ?? new Uint8Array());
    if (!problems) found.unknown.push(name);
    else if (problems.length === 0) found.whole.push(name);
    else found.problems.push(...problems);
  }
  for (const [name, { was }] of seals) {
    if (was !== null && !names.includes(name)) found.problems.push(`${name} is missing.`);
  }
  const cut = sealProblems(readJournal(disk.files, disk.path(layout.journal)), journal);
  found.problems.push(...cut.map((problem) => `${problem}.`));
  const tasks = new Set(names.flatMap((name) => /^checkpoints\/([^/]+)\//.exec(name)?.[1] ?? []));
  for (const task of tasks) found.problems.push(...new Checkpoints(disk, () => {}).problems(task));
  return { ...found, problems: [...new Set(found.problems)] };
}

function checkOf(name: string, seals: ReadonlyMap<string, OutputSeal>, disk: Disk): Check {
  if (name === layout.manifest || /^(tasks|lock|(?:checkpoints|claims)\/[^/]+)\/[^./][^/]*\.json$/.test(name))
    return sealedJson;
  if (/^claims\/[^/]+\/\d+\.renewed$/.test(name)) return sealedJson;
  if (/^(lock|claims\/[^/]+)\/\d+\.released$/.test(name))
    return (_, bytes) => (bytes.length > 0 ? [`${name} is not empty.`] : []);
  if (/^(results|checkpoints\/[^/]+)\/[^./][^/]*\.safetensors$/.test(name)) return sealedState;
  if (name === layout.journal)
    return () => readJournal(disk.files, disk.path(name)).problems.map((problem) => `${problem}.`);
  if (/^(claims\/[^/]+\/\d+|metrics\/[^./][^/]*)\.jsonl$/.test(name))
    return () => readJournal(disk.files, disk.path(name)).problems.map((problem) => `${name}: ${problem}.`);
  const seal = seals.get(name);
  if (!seal) return undefined;
  return (_, bytes) => {
    const sha256 = hashOf(bytes);
    if (sha256 === seal.sha256 || sha256 === seal.was) return [];
    return [`${name} is damaged: its content does not match its SHA-256 in ${layout.manifest}.`];
  };
}

const sealedJson: Check = (name, bytes) => problemsOf(() => openSealedJson(bytes, name, FIX));
const sealedState: Check = (name, bytes) => problemsOf(() => openSealedState(bytes, name));

function problemsOf(open: () => unknown): string[] {
  try {
    open();
    return [];
  } catch (error) {
    if (!(error instanceof DnaError)) throw error;
    return [error.message];
  }
}

/** Levels of folders that are looked into; ours are two. Links could make more without end. */
const DEEPEST = 4;

/** Names of all files below a folder of the run, sorted. */
function filesBelow(disk: Disk, folder: string, depth = 0): string[] {
  return disk.list(folder).flatMap((entry) => {
    const name = folder ? `${folder}/${entry}` : entry;
    // Nothing lies where a link leads nowhere; its name is told all the same.
    const status = reading(name, () => ifExists(() => disk.files.stat(disk.path(name))));
    return status?.folder && depth < DEEPEST ? filesBelow(disk, name, depth + 1) : [name];
  });
}
