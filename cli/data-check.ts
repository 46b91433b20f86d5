import { existsSync } from 'node:fs';
import type { ConfigRequest } from 'dna-nas/configuration';
import { wrongUsage } from 'dna-nas/errors';
import { checkData, type DataCheck, dataProblems, type Finding } from 'dna-nas/run-tools';
import { findingRows } from './finding-rows.js';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/**
 * `dna data check`: reads every image once and tells what is wrong with them.
 * @throws DnaError `DATA_PROBLEMS` where something is a problem.
 */
export async function dataCheckCommand(
  request: ConfigRequest,
  path: string | undefined,
  { json }: { json: boolean },
): Promise<void> {
  const check = await checkData(path === undefined ? request : imagesOf(path, request), {
    progress: process.stderr.isTTY ? showProgress : () => undefined,
  });
  if (json) printJson(check);
  else process.stdout.write(`${printable(formatCheck(check))}\n`);
  const problems = check.findings.filter(({ verdict }: Finding) => verdict === 'problem').length;
  if (problems > 0) throw dataProblems(problems);
}

/** Images of a folder or list, whatever configuration lies in this folder. */
function imagesOf(path: string, request: ConfigRequest): ConfigRequest {
  if (!existsSync(path)) {
    throw wrongUsage(
      `There is no folder or list ${path}.`,
      'Name one, or leave it out to check the data of the configuration.',
    );
  }
  const { set = [], plugins = [], ...rest } = request;
  // With a plugin beside the slots a configuration need not fill them all.
  const some = [...plugins, 'backend-auto'];
  return { ...rest, configFile: false, config: { data: { use: 'imagenet', path } }, plugins: some, set };
}

function formatCheck({ name, size, findings }: DataCheck): string {
  const images = `${size.train} training, ${size.validation} validation, ${size.test} test images`;
  return `${name}: ${images}\n\n${formatTable(findings.flatMap(findingRows))}`;
}

function showProgress(images: number, of: number): void {
  process.stderr.write(images < of ? `\r${images} of ${of} images` : '\r\u001B[K');
}
