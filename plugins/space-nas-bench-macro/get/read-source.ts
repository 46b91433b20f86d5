import { basename, resolve } from 'node:path';
import { DnaError } from 'dna-nas/errors';
import { ifExists, nodeFiles } from 'dna-nas/files';
import { dataDownloadFailed } from 'dna-nas/nn/images';

/** The benchmark's file in its own repository, at the commit that its hash here was taken of. */
export const ADDRESS =
  'https://raw.githubusercontent.com/xiusu/NAS-Bench-Macro/61a2bfc2ca0dce04d0997e6cf498047c27d6acf2/data/nas-bench-macro_cifar10.json';

const MOST_MILLISECONDS = 120_000;

/** The text of a file, relative to the project, or at an address. @throws DnaError `DATA_DOWNLOAD`, `DATA_FILE_MISSING` */
export async function readSource(from: string, project: string): Promise<string> {
  if (/^https?:\/\//.test(from)) return download(from);
  const file = resolve(project, from);
  const bytes = ifExists(() => nodeFiles.readFile(file));
  if (bytes) return new TextDecoder().decode(bytes);
  throw new DnaError(
    'DATA_FILE_MISSING',
    `${file} does not exist.`,
    `Correct --from, or leave it out to fetch ${ADDRESS}.`,
    { exitCode: 2 },
  );
}

async function download(address: string): Promise<string> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(MOST_MILLISECONDS) });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return await response.text();
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw dataDownloadFailed(
      address,
      reason,
      `Fetch ${ADDRESS} where there is a network. Then here: \`dna data get nas-bench-macro --from ${basename(ADDRESS)}\`.`,
    );
  }
}
