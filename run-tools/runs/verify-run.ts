import { AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { DnaError } from 'dna-nas/errors';
import {
  Disk,
  type FileLayer,
  ifExists,
  nodeFiles,
  OutputSeals,
  openSealedJson,
  openSealedState,
  reading,
  readJournal,
} from 'dna-nas/files';

/** What a look at every file of a run found. */
export interface RunVerification {
  /** Files that proved whole, by their names below the run's folder. */
  readonly whole: readonly string[];
  /** What is damaged or missing, one line each. */
  readonly problems: readonly string[];
  /** Files that nothing vouches for: left half written by a crash, or put there by somebody else. */
  readonly unknown: readonly string[];
}

/** How one file proves itself; undefined: it does not. Lines are what is wrong. */
type Check = ((name: string, bytes: Uint8Array) => readonly string[]) | undefined;

const MANIFEST = 'manifest.json';
const JOURNAL = 'journal.jsonl';
const FIX = 'Restore it from a backup.';

/**
 * Checks every file of a run against its seal: results, checkpoints, tasks and owners carry one, outputs have theirs
 * in the manifest, each line of the journal has one. Only reads, executes nothing.
 * @throws DnaError `RUN_NOT_FOUND` where there is no run, `RUN_FORMAT` where a newer version has written it.
 */
export function verifyRun(folder: string, files: FileLayer = nodeFiles): RunVerification {
  const disk = new Disk(files, folder, []);
  const names = filesBelow(disk, '');
  const run = names.includes(MANIFEST)
    ? new AttachedRunFolder(folder, { files })
    : attachRunFolder(folder, { files });
  const found = { whole: [] as string[], problems: [] as string[], unknown: [] as string[] };
  const outputs = new OutputSeals(disk, MANIFEST);
  const { seals } = outputs.read();
  for (const name of names) {
    const check = checkOf(name, disk);
    const problems = check ? check(name, disk.read(name) ?? new Uint8Array()) : outputs.problemsOf(name);
    if (!problems) found.unknown.push(name);
    else if (problems.length === 0) found.whole.push(name);
    else found.problems.push(...problems);
  }
  for (const [name, { was }] of seals) {
    if (was !== null && !names.includes(name)) found.problems.push(`${name} is missing.`);
  }
  found.problems.push(...run.journalProblems().map((problem) => `${problem}.`));
  const tasks = new Set(names.flatMap((name) => /^checkpoints\/([^/]+)\//.exec(name)?.[1] ?? []));
  for (const task of tasks) found.problems.push(...run.checkpointProblems(task));
  return { ...found, problems: [...new Set(found.problems)] };
}

function checkOf(name: string, disk: Disk): Check {
  if (name === MANIFEST || /^(tasks|lock|(?:checkpoints|claims)\/[^/]+)\/[^./][^/]*\.json$/.test(name))
    return sealedJson;
  if (/^claims\/[^/]+\/\d+\.renewed$/.test(name)) return sealedJson;
  if (/^(lock|claims\/[^/]+)\/\d+\.released$/.test(name))
    return (_, bytes) => (bytes.length > 0 ? [`${name} is not empty.`] : []);
  if (/^(results|checkpoints\/[^/]+)\/[^./][^/]*\.safetensors$/.test(name)) return sealedState;
  if (name === JOURNAL)
    return () => readJournal(disk.files, disk.path(name)).problems.map((problem) => `${problem}.`);
  if (/^(claims\/[^/]+\/\d+|metrics\/[^./][^/]*)\.jsonl$/.test(name))
    return () => readJournal(disk.files, disk.path(name)).problems.map((problem) => `${name}: ${problem}.`);
  return undefined;
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
