import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type UserConfig } from 'dna-nas/configuration';
import { planRun } from 'dna-nas/run-tools';
import { expect, it } from 'vitest';
import { TINY, tinyProject } from './tiny-run.js';

/** The tiny run's teacher, whose check answers as it is told. */
const PLUGIN = `
import { definePlugin } from 'dna-nas/core';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';

export const teacherTold = definePlugin({
  name: 'teacher-told',
  description: 'The tiny teacher with a figure of its own.',
  module: import.meta.url,
  options: {
    type: 'object',
    properties: { top1: { type: 'number', description: 'What its check says.', default: 0 } },
    additionalProperties: false,
  },
  apply(run, { top1 }) {
    const inner = teacherEfficientnet({ weights: './teacher.safetensors' });
    inner.apply(run);
    run.hooks.teacher.tap('teacher-told', (source) => ({
      ...source,
      check: async (_dataset, images) => ({ images, top1, macs: 1, seconds: 1 }),
    }));
  },
});
`;

async function project(): Promise<string> {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'told.mjs'), PLUGIN);
  return folder;
}

const config = (top1: number): UserConfig => ({
  ...TINY,
  plugins: [{ use: './told.mjs', top1 }],
});

/** What plan and run tell of a teacher that is right so often. */
async function told(top1: number, images = 300) {
  const request = { project: await project(), config: config(top1) };
  const { findings } = await planRun(request, { seconds: 0, images });
  const notices: string[] = [];
  await run(request, {
    inline: true,
    until: 'supernet',
    onEvent: (event) => {
      if (event.event === 'noticed') notices.push(event.data);
    },
  });
  return { plan: findings.find(({ check }) => check === 'teacher check')!, notices };
}

it('plan and run warn alike of a teacher that does not classify the data', async () => {
  const { plan, notices } = await told(0.26);
  expect(plan).toMatchObject({
    verdict: 'warning',
    text: expect.stringMatching(/^top-1 26\.0 % of 300 validation images: it does not classify these data/),
    fix: expect.stringContaining('data.mean'),
  });
  expect(notices).toEqual([`The teacher tiny teacher: ${plan.text}. ${plan.fix}`]);
});

// Four classes: 47.5 % is what is expected at least, and of 300 images 2.9 points are a deviation.
it('a teacher that does is passed over in silence, and so is one of which too few images tell', async () => {
  expect(await told(0.42)).toMatchObject({ plan: { verdict: 'ok' }, notices: [] });
});
