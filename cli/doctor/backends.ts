import { builtInBackend, builtInBackends, checkBackend } from 'dna-nas/configuration';
import { type Finding, failed, note, ok } from './finding.js';

/** The default of the presets, which npm alone must have brought. */
const NEEDED = 'wasm';

/** Each backend: what it says of itself; one that says nothing is started. */
export async function checkBackends(): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after another: each that is started becomes the current one of this process.
  for (const name of builtInBackends()) findings.push(await checkOne(name));
  return findings;
}

async function checkOne(name: string): Promise<Finding> {
  const label = `backend ${name}`;
  const found = await checkBackend(name);
  if (!found.works) return note(label, found.reason, found.fix);
  try {
    const backend = await builtInBackend(name);
    if (backend.check) return ok(label, found.description);
    return ok(label, (await backend.start({ workers: 1 })).description);
  } catch (error) {
    const again = 'Install dna-nas again (`npm ci`), and report it with what stands below if it stays.';
    const level = name === NEEDED ? failed : note;
    return level(label, `does not start: ${(error as Error).message}`, again);
  }
}
