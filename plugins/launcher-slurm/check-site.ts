import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchCheck, LaunchContext } from 'dna-nas/core/contracts';
import { quote, quoteIfNeeded } from 'dna-nas/run-tools/words';
import { type LauncherSlurmOptions, siteOptions } from './options.js';

const COMMANDS = ['sbatch', 'squeue', 'scancel', 'srun'];
/** A node may have to be woken first. */
const PATIENCE_SECONDS = 300;

/** Looks at the site: Slurm's commands, and from a node the shared folder, Node and the backends. */
export async function checkSite(
  context: LaunchContext,
  options: LauncherSlurmOptions,
): Promise<LaunchCheck[]> {
  const missing = COMMANDS.filter((command) => spawnSync(command, ['--version']).error !== undefined);
  if (missing.length > 0)
    return [failed('slurm', `${missing.join(', ')} not on the path`, 'Give the command on a login node.')];
  const version = spawnSync('sbatch', ['--version'], { encoding: 'utf8' }).stdout.trim();
  return [{ check: 'slurm', works: true, found: version }, ...(await checkNode(context, options))];
}

/** One job of a minute, with the site's options, says what a node has. */
async function checkNode(context: LaunchContext, options: LauncherSlurmOptions): Promise<LaunchCheck[]> {
  const probe = join(context.files, `probe-${randomUUID()}`);
  mkdirSync(context.files, { recursive: true });
  writeFileSync(probe, '');
  try {
    const { status, stdout, stderr, error } = spawnSync('srun', srunWords(context, options, probe), {
      encoding: 'utf8',
      timeout: 1000 * PATIENCE_SECONDS,
    });
    if (error || status === null)
      return [failed('node', `no node has answered within ${PATIENCE_SECONDS} seconds`, WAITING)];
    if (!stdout.includes('dna-node'))
      return [failed('node', stderr.trim().split('\n').at(-1) ?? '', OPTIONS)];
    return readAnswer(stdout, !existsSync(probe));
  } finally {
    rmSync(probe, { force: true });
  }
}

const WAITING = 'See `squeue --me` for what it waits for, and choose a partition with free nodes.';
const OPTIONS = "Correct the site's options, `--set launcher.sbatch.partition=…` and its like.";

function srunWords(
  context: LaunchContext,
  { sbatch, setup, container }: LauncherSlurmOptions,
  probe: string,
) {
  const [node, dna] = context.taskCommand;
  const inContainer = container.map(quoteIfNeeded).join(' ');
  const script = [
    'echo dna-node',
    // The file goes: the machine that asks sees whether the folder is the same.
    `rm -f ${quote(probe)}`,
    ...setup,
    `echo "dna-version $(${inContainer} ${quote(node!)} --version 2>&1 | tail -n 1)"`,
    `echo "dna-backends $(cd ${quote(context.project)} && ${inContainer} ${quote(node!)} ${quote(dna!)} backend list 2>&1 | tr '\\n' ';')"`,
  ];
  return ['--job-name=dna-doctor', '--ntasks=1', ...siteOptions(sbatch), 'bash', '-c', script.join('\n')];
}

function readAnswer(stdout: string, sees: boolean): LaunchCheck[] {
  const said = (name: string) => new RegExp(`^${name} ?(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const version = said('dna-version');
  const backends = said('dna-backends').replaceAll(';', '\n').trim();
  return [
    { check: 'node', works: true, found: 'one has answered' },
    sees
      ? { check: 'shared folder', works: true, found: 'a node sees what is written here' }
      : failed('shared folder', 'a node does not see what is written here', SHARED),
    /^v\d+/.test(version)
      ? { check: 'Node on the node', works: true, found: version }
      : failed('Node on the node', version, NODE),
    /wasm|torch|cuda/.test(backends)
      ? { check: 'backends on the node', works: true, found: backends }
      : failed('backends on the node', backends, PACKAGE),
  ];
}

const SHARED = 'Give the command in a folder on a file system that the nodes have, too.';
const NODE = 'Have Node on a file system that the nodes have, or load it in launcher.setup.';
const PACKAGE = 'Install the package on a file system that the nodes have.';

function failed(check: string, found: string, fix: string): LaunchCheck {
  return { check, works: false, found: found || 'nothing', fix };
}
