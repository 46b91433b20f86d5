/** What must and must not compile in a `dna.config.ts`; `npm run typecheck` fails where it is not so. */
import { defineConfig, run, type UserConfig } from 'dna-nas';
import { lossRelativeL1 } from 'dna-nas/plugins/loss-relative-l1';
import { quickstart } from 'dna-nas/presets';
import quickstartAlone from 'dna-nas/presets/quickstart';

// A plugin is named, named with options, or made.
defineConfig({ extends: 'quickstart', name: 'mine', seed: 3, distill: { loss: 'cosine' } });
defineConfig({ distill: { use: 'blockwise', epochs: 2, loss: lossRelativeL1() } });
defineConfig({ space: './my-space.ts', plugins: ['./my-loss.ts', { use: './more.ts', power: 3 }] });
defineConfig({ ...quickstart(), reports: ['console'] });
export const whole: UserConfig = quickstartAlone();

// @ts-expect-error: an option that is misspelt
defineConfig({ extend: 'quickstart' });
// @ts-expect-error: a seed that is a text
defineConfig({ seed: '3' });
// @ts-expect-error: a plugin that is a number
defineConfig({ space: 3 });
// @ts-expect-error: one plugin where a list is wanted
defineConfig({ plugins: './my-loss.ts' });

run({ preset: 'quickstart', set: ['seed=2'] }, { until: 'distill' }).then((summary) => summary?.rating);
// @ts-expect-error: a stage that is not there
run({ preset: 'quickstart' }, { until: 'lunch' });
// @ts-expect-error: settings are texts
run({ set: [{ seed: 2 }] });
