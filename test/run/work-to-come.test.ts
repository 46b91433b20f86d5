import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { StageAhead, StageName } from 'dna-nas/core/stages';
import { expect, it } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

const PLUGIN = `
import { definePlugin } from 'dna-nas/core';
export default definePlugin({
  name: 'told',
  description: 'Emits what every stage is told at its start.',
  module: import.meta.url,
  apply(run) {
    run.hooks.stageStarted.tap('told', (event) => { process.emit('dna-test-stage', event); });
  },
});
`;

/** Work of the stages to come, as a stage is told at its start. */
async function workToCome(until: StageName | undefined, at: StageName): Promise<number> {
  const project = await tinyProject();
  writeFileSync(join(project, 'told.mjs'), PLUGIN);
  const told = new Map<StageName, number>();
  const listen = ({ stage, ahead }: { stage: StageName; ahead: readonly StageAhead[] }) =>
    told.set(
      stage,
      ahead.reduce((sum, { work }) => sum + work, 0),
    );
  process.on('dna-test-stage' as never, listen as never);
  try {
    await run(tinyRequest(project, { plugins: ['./told.mjs'] }), { inline: true, until });
  } finally {
    process.off('dna-test-stage', listen);
  }
  return told.get(at)!;
}

it('the time left counts the stages that this run comes to, not those behind its end', async () => {
  const [whole, search, distill] = [
    await workToCome(undefined, 'distill'),
    await workToCome('search', 'distill'),
    await workToCome('distill', 'distill'),
  ];
  expect(distill).toBe(0);
  expect(search).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(search);
});
