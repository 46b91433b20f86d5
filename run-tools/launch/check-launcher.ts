import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveConfig } from 'dna-nas/configuration';
import type { LaunchCheck } from 'dna-nas/core/contracts';
import { LaunchRecord } from './launch-record.js';
import { launchContext } from './launch-tasks.js';
import { isRemote, launchSetting, openLauncher } from './open-launcher.js';

/** A launcher by its short name or file, with settings of a command: `launcher.sbatch.partition=gpu`. */
export interface LauncherCheckRequest {
  readonly use: string;
  /** Whose folder the nodes have to see. @default process.cwd() */
  readonly project?: string;
  readonly set?: readonly string[];
}

/** What a launcher needs of this site, as far as it can look. Nothing where it needs nothing. */
export async function checkLauncher(request: LauncherCheckRequest): Promise<readonly LaunchCheck[]> {
  const { use, set = [] } = request;
  const project = resolve(request.project ?? process.cwd());
  // With a plugin that is named, no slot has to be filled.
  const config = { plugins: ['launcher-local'] };
  const options = { project, configFile: false, config, set: [`launcher=${use}`, ...set] } as const;
  const setting = launchSetting(await resolveConfig(options), project)!;
  const launcher = await openLauncher(setting);
  if (!isRemote(launcher) || !launcher.check) return [];
  const files = mkdtempSync(join(project, '.dna-doctor-'));
  try {
    const folder = join(files, 'run');
    const launched = { folder, run: 'doctor', launcher, setting, record: new LaunchRecord(folder) };
    return await launcher.check(launchContext(launched, files));
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
}
