import type { BackendDescription, DataDescription, TeacherDescription } from './contracts/index.js';
import { runDiffers } from './errors.js';
import type { Json, JsonObject } from './plugin.js';
import type { Session } from './session.js';

/** What equal bits depend on beside the configuration. */
export interface Surroundings {
  readonly backend: BackendDescription;
  readonly data: DataDescription;
  /** Absent where the run has none. */
  readonly teacher?: TeacherDescription;
}

/** Leaves of a tree by dotted path, as JSON text. */
export function leaves(tree: Json, path = ''): Map<string, string> {
  if (tree === null || typeof tree !== 'object') return new Map([[path, JSON.stringify(tree)]]);
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    for (const [leaf, text] of leaves(value as Json, path ? `${path}.${key}` : key)) all.set(leaf, text);
  }
  return all;
}

/** Whether a plugin was chosen in a file or on the command line changes nothing. */
const PROVENANCE = /^plugins\.\d+\.source$/;

/** One line for each difference: `distill.epochs: 2 in the run, 3 now`. */
export function differences(before: JsonObject, now: JsonObject): string[] {
  const old = leaves(before);
  const fresh = leaves(now);
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  return paths
    .filter((path) => old.get(path) !== fresh.get(path) && !PROVENANCE.test(path))
    .map((path) => `${path}: ${old.get(path) ?? 'absent'} in the run, ${fresh.get(path) ?? 'absent'} now`);
}

/** Notes data, teacher and numerics before the first task; a later start must find the same ones. */
export function checkIdentity(session: Session, { backend, data, teacher }: Surroundings): void {
  const now = {
    data: data.fingerprint,
    ...(teacher && { teacher: teacher.fingerprint }),
    numerics: backend.numerics,
  };
  const before = session.folder.readJson('identity') as JsonObject | undefined;
  const found = before && differences(before, now);
  if (found?.length === 0) return;
  if (found && session.folder.taskIds().length > 0) throw runDiffers(session.config.name, found);
  session.folder.writeJson('identity', now);
}
