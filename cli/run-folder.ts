import { resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import { runFolderOf } from 'dna-nas/core/run';

/** Where the run of a request lies, or will. Absolute. */
export async function runFolder(request: ConfigRequest): Promise<string> {
  return runFolderOf(await resolveConfig(request), resolve(request.project ?? process.cwd()));
}
