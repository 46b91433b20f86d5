import { basename } from 'node:path';
import type { BackendDescription, DataDescription, TeacherDescription } from '../contracts/index.js';
import { runDiffers } from '../errors.js';
import type { Json, JsonObject } from '../plugin/plugin.js';
import type { TrainingWorld } from '../stages/index.js';
import type { AttachedRunFolder } from '../store/index.js';
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

/**
 * What a thread computes with must be what the run's tasks were laid out for, if that is written down yet.
 * @throws DnaError `RUN_DIFFERS`.
 */
export function requireIdentity(
  folder: AttachedRunFolder,
  place: Pick<TrainingWorld, 'data' | 'teacherDescription'> & { readonly backend: BackendDescription },
): void {
  const before = folder.readJson('identity') as JsonObject | undefined;
  if (!before) return;
  const { backend, data, teacherDescription: teacher } = place;
  const found = differences(before, identityOf({ backend, data, ...(teacher && { teacher }) }));
  if (found.length > 0) throw runDiffers(basename(folder.path), found, IDENTITY_HINT);
}

const IDENTITY_HINT =
  'Use the data, the teacher and the backend of the run: --set backend.threads=… or backend.device=… where numerics differ.';

function identityOf({ backend, data, teacher }: Surroundings): JsonObject {
  return {
    data: data.fingerprint,
    ...(teacher && { teacher: teacher.fingerprint }),
    numerics: backend.numerics,
  };
}

/** Notes data, teacher and numerics before the first task; a later start must find the same ones. */
export function checkIdentity(session: Session, surroundings: Surroundings): void {
  const now = identityOf(surroundings);
  const before = session.folder.readJson('identity') as JsonObject | undefined;
  const found = before && differences(before, now);
  if (found?.length === 0) return;
  if (found && session.folder.taskIds().length > 0) throw runDiffers(session.config.name, found);
  session.folder.writeJson('identity', now);
}
