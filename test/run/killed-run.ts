import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDna } from '../cli/dna-process.js';
import { TINY, tinyProject } from './tiny-run.js';

const PLUGIN = fileURLToPath(new URL('./kill-plugin.mjs', import.meta.url));

/** A project whose runs have the plugin that kills them. */
export async function killProject(): Promise<string> {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'dna.config.json'), JSON.stringify(TINY));
  copyFileSync(PLUGIN, join(folder, 'kill-plugin.mjs'));
  return folder;
}

/**
 * `dna …` with settings, each step of which is saved; resolves to 0, or to SIGKILL where it came to its event
 * `killAt`. Another end is an error.
 */
export async function untilKilled(
  folder: string,
  words: readonly string[],
  { settings, killAt }: { settings: readonly string[]; killAt?: number },
): Promise<'SIGKILL' | 0> {
  const set = [...settings, 'checkpointSeconds=0.001'].flatMap((setting) => ['--set', setting]);
  const env = { ...(killAt !== undefined && { DNA_TEST_KILL_AT: String(killAt) }) };
  const { ended } = startDna([...words, '--plugin', './kill-plugin.mjs', ...set], { folder, env });
  const { code, killed, err } = await ended;
  if (code !== 0 && killed !== 'SIGKILL') throw new Error(`dna ${words[0]} ended with ${code}: ${err}`);
  return code === 0 ? 0 : 'SIGKILL';
}
