/** What must and must not compile in a `dna.config.ts`; `npm run typecheck` fails where it is not so. */
import { defineConfig, pluginFrom, run, type UserConfig } from 'dna-nas';
import { lossRelativeL1 } from 'dna-nas/plugins/losses';
import { quickstart } from 'dna-nas/presets';
import quickstartAlone from 'dna-nas/presets/quickstart';

// A plugin is named, named with options, or made.
defineConfig({ extends: 'quickstart', name: 'mine', seed: 3, distill: { loss: 'cosine' } });
defineConfig({ distill: { use: 'blockwise', epochs: 2, loss: lossRelativeL1() } });
defineConfig({ space: './my-space.ts', plugins: ['./my-loss.ts', { use: './more.ts', power: 3 }] });
defineConfig({ ...quickstart(), reports: ['console'] });
export const whole: UserConfig = quickstartAlone();

defineConfig({ extends: './base.json', distill: { epochs: 2, loss: pluginFrom('./mine.ts', { power: 3 }) } });
defineConfig({
  distill: { use: './mine.ts', loss: 'loss-cosine' },
  rank: { rating: { use: 'mse-variance' } },
});
defineConfig({ search: { use: 'exact', limits: { macs: 2e6 } }, reports: ['console', { use: 'html' }] });
defineConfig({ extends: 'quickstart', smoke: { rank: { batches: 1 } } });

// @ts-expect-error: an option that is misspelt
defineConfig({ extend: 'quickstart' });
// @ts-expect-error: a preset that is not there
defineConfig({ extends: 'quikstart' });
// @ts-expect-error: a plugin that is not there
defineConfig({ distill: { loss: 'cosin' } });
// @ts-expect-error: a plugin of another kind
defineConfig({ distill: 'cosine' });
// @ts-expect-error: a report that is not there
defineConfig({ reports: ['htlm'] });
// @ts-expect-error: an option of the chosen plugin, misspelt
defineConfig({ distill: { use: 'blockwise', epochs: 2, bacth: 3 } });
// @ts-expect-error: an option of the plugin that stands there already, misspelt
defineConfig({ extends: 'quickstart', distill: { epochs: 2, bacth: 3 } });
// @ts-expect-error: an option of another plugin
defineConfig({ retrain: { optimiser: { use: 'sgd', beta1: 0.9 } } });
// @ts-expect-error: an option's value of another type
defineConfig({ retrain: { epochs: '3' } });
// @ts-expect-error: a word that the option does not know
defineConfig({ distill: { use: 'blockwise', schedule: 'jointly' } });
// @ts-expect-error: a slot that is misspelt
defineConfig({ distill: { use: 'blockwise', los: 'cosine' } });
// @ts-expect-error: an option of the smoke variant, misspelt
defineConfig({ smoke: { rank: { batchs: 1 } } });
// @ts-expect-error: options of a file, which no type is known of, without pluginFrom
defineConfig({ distill: { loss: { use: './mine.ts', power: 3 } } });
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
