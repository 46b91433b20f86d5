import { readRunData, reportPage } from 'dna-nas/plugins/report-html';
import { describe, expect, it } from 'vitest';
import { SUMMARY, temporaryFolder } from './fake-run.js';
import { writeSampleRun } from './sample-run.js';

const folder = temporaryFolder();
const summary = writeSampleRun(folder);
const data = { ...readRunData(folder, summary), name: 'sample' };

describe('headline and table of networks', () => {
  it('say of a difference how sure it is, and of one whose interval holds zero that it shows none', () => {
    const compared = { network: 'found', against: 'random', images: 10_000, discordant: 900 };
    const pageOf = (difference: number, interval: readonly [number, number], images = 10_000) => {
      const comparisons = [{ ...compared, difference, interval, images }];
      return reportPage({ ...data, summary: { ...summary, comparisons } });
    };
    const above = pageOf(0.0161, [0.0102, 0.022]);
    expect(above).toContain(
      '89.51 %: 1.61 points above a random network of the same cost (95 % interval 1.02 to 2.20, 10,000 images).',
    );
    expect(above).toContain('<td>+1.61 (1.02 to 2.20)</td>');
    expect(above).toContain('>Found against it, points</th>');
    expect(pageOf(-0.0161, [-0.022, -0.0102])).toContain(
      ': 1.61 points below a random network of the same cost (95 % interval −2.20 to −1.02, 10,000 images).',
    );
    const none = pageOf(0.1, [-0.0316, 0.228], 60);
    expect(none).toContain(
      ': no difference to a random network of the same cost that 60 images can show (+10.00 points, 95 % interval −3.16 to 22.80).',
    );
    expect(none).not.toMatch(/above a random/);
    // An end at zero holds it.
    for (const interval of [[0, 0.1] as const, [-0.1, 0] as const])
      expect(pageOf(0.05, interval)).toContain('no difference to a random network');
  });

  it('say where the found network stands among several random ones', () => {
    const standing = {
      ...{ network: 'found', among: ['random', 'random-2'], percentile: 75, images: 10_000 },
      ...{ difference: 0.0161, interval: [-0.04, 0.0722] as const },
    };
    const [, , random] = SUMMARY.networks;
    const networks = [...SUMMARY.networks, { ...random!, name: 'random-2' }];
    const search = {
      ...data.search!,
      randoms: [data.search!.random, { ...data.search!.random, rating: 0.9 }],
    };
    const page = reportPage({ ...data, search, summary: { ...summary, networks, standing } });
    expect(page).toContain(
      '89.51 %: no difference to the mean of 2 random networks of the same cost that 2 networks on 10,000 images can show (+1.61 points, 95 % interval −4.00 to 7.22), and above 1.5 of the 2.',
    );
    expect(page).toContain('The random networks were drawn evenly');
    expect(page).toMatch(/random-2<\/th>.*<td>0\.9000<\/td>/);
  });
});
