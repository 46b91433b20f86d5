import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TINY, tinyProject } from '../run/tiny-run.js';

const PROGRAM = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));
const PLUGIN = fileURLToPath(new URL('../run/kill-plugin.mjs', import.meta.url));
const NETWORK = 'ir_r1_k3_s2_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25';

async function project(): Promise<string> {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'dna.config.json'), JSON.stringify(TINY));
  copyFileSync(PLUGIN, join(folder, 'kill-plugin.mjs'));
  return folder;
}

/** `dna retrain` in a process of its own; resolves to the signal that ended it, or its exit code. */
function retrain(folder: string, killAt?: number): Promise<string | number> {
  const options = ['checkpointSeconds=0.001', 'retrain.microBatch=8', 'retrain.epochs=1', 'workers=1'];
  const set = options.flatMap((option) => ['--set', option]);
  const words = ['retrain', '--architecture', NETWORK, '--plugin', './kill-plugin.mjs', ...set];
  const env = { ...process.env, ...(killAt !== undefined && { DNA_TEST_KILL_AT: String(killAt) }) };
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: folder, env, stdio: [...stdio] });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`dna retrain ended with ${code}: ${text}`));
      else resolve(signal ?? code!);
    });
  });
}

function weights(folder: string): Map<string, Buffer> {
  const results = join(folder, 'runs/tiny-retrain/results');
  return new Map(readdirSync(results).map((file) => [file, readFileSync(join(results, file))]));
}

it('dna retrain ends with the same bits after kills', async () => {
  const [whole, killed] = [await project(), await project()];
  expect(await retrain(whole)).toBe(0);
  // Before training and twice in it.
  for (const killAt of [6, 10, 14]) expect(await retrain(killed, killAt)).toBe('SIGKILL');
  expect(await retrain(killed)).toBe(0);
  expect(weights(killed)).toEqual(weights(whole));
  expect([...weights(whole).keys()]).toContain('retrain-given.safetensors');
});
