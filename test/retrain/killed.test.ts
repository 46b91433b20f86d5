import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { expect } from 'vitest';
import { inCampaign } from '../faults/extent.js';
import { killProject, untilKilled } from '../run/killed-run.js';

const NETWORK = 'ir_r1_k3_s2_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25';
const RETRAIN = ['retrain', '--architecture', NETWORK];
const settings = ['retrain.microBatch=8', 'retrain.epochs=1', 'workers=1'];

function weights(folder: string): Map<string, Buffer> {
  const results = join(folder, 'runs/tiny-retrain/results');
  return new Map(readdirSync(results).map((file) => [file, readFileSync(join(results, file))]));
}

inCampaign('dna retrain ends with the same bits after kills', async () => {
  const [whole, killed] = [await killProject(), await killProject()];
  await run({ project: whole, architecture: NETWORK, set: settings }, { inline: true });
  // Before training and twice in it.
  for (const killAt of [6, 10, 14])
    expect(await untilKilled(killed, RETRAIN, { settings, killAt })).toBe('SIGKILL');
  expect(await untilKilled(killed, RETRAIN, { settings })).toBe(0);
  expect(weights(killed)).toEqual(weights(whole));
  expect([...weights(whole).keys()]).toContain('retrain-given.safetensors');
});
