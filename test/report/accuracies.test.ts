import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHooks } from 'dna-nas/core';
import type { EpochResult, NetworkResult, RunSummary } from 'dna-nas/core/stages';
import { reportTo } from 'dna-nas/plugins/report-console';
import { reportPage } from 'dna-nas/plugins/report-html';
import { reportJson } from 'dna-nas/plugins/report-json';
import { describe, expect, it } from 'vitest';
import { applied, FakeConsole, SUMMARY, temporaryFolder } from './fake-run.js';

const EPOCHS: EpochResult[] = [0.4, 0.72, 0.7].map((top1, index) => ({
  ...{ epoch: index + 1, loss: 2 - index / 2, top1, top5: top1 + 0.2 },
  raw: { top1: top1 - 0.01, top5: top1 + 0.19 },
}));

const MEASURED: NetworkResult = {
  ...SUMMARY.networks[1]!,
  ...{ top1: 0.7, top5: 0.9, images: 1000 },
  intervals: { top1: [0.671, 0.7276], top5: [0.8799, 0.9171] },
  ...{ raw: EPOCHS[2]!.raw!, best: EPOCHS[1]!, epochs: EPOCHS },
};

/** A run that was given its network. */
const GIVEN: RunSummary = { ...SUMMARY, rating: null, networks: [{ ...MEASURED, name: 'dna-a' }] };
const SEARCHED: RunSummary = { ...SUMMARY, networks: [SUMMARY.networks[0]!, MEASURED] };

const data = (summary: RunSummary) => ({ name: 'sample', summary, limits: {}, complete: true });

async function printed(summary: RunSummary): Promise<string> {
  const hooks = createHooks();
  const console = new FakeConsole(false);
  reportTo(hooks, console);
  await hooks.runFinished.promise({ summary, folder: '/nowhere' });
  return console.resultText;
}

describe('the console', () => {
  it('shows intervals and top-5 where they were measured', async () => {
    const result = await printed(SEARCHED);
    expect(result).toMatch(/^network +parameters +multiply-adds +test accuracy +top-5 +rating$/m);
    expect(result).toMatch(/^teacher .* 92\.13 % +– +–$/m);
    expect(result).toMatch(/^found .* 70\.00 % ±2\.83 +90\.00 % +0\.1234$/m);
  });

  it('says of each difference how sure it is', async () => {
    const against = (name: string, difference: number, interval: readonly [number, number]) => ({
      ...{ network: 'found', against: name, images: 1, discordant: 1 },
      ...{ difference, interval },
    });
    const comparisons = [
      { ...against('teacher', -0.2213, [-0.25, -0.19]), images: 1000 },
      against('random', 1, [-0.000_04, 1]),
    ];
    expect(await printed({ ...SEARCHED, comparisons })).toContain(
      [
        '0.1234',
        '',
        'found: 22.13 points below teacher (95 % interval −25.00 to −19.00, 1,000 images)',
        'found: no difference to random that 1 image can show (+100.00 points, 95 % interval 0.00 to 100.00)',
        '',
        'architecture',
      ].join('\n'),
    );
  });

  it('says where the found network stands among several random ones', async () => {
    const standing = {
      ...{ network: 'found', among: ['random', 'random-2', 'random-3'], percentile: 100, images: 500 },
      ...{ difference: 0.05, interval: [0.01, 0.09] as const },
    };
    const comparison = { network: 'found', against: 'random', images: 500, discordant: 9 };
    const comparisons = [{ ...comparison, difference: 0.05, interval: [0.01, 0.09] as const }];
    expect(await printed({ ...SEARCHED, comparisons, standing })).toContain(
      'found: 5.00 points above the mean of 3 random networks (95 % interval 1.00 to 9.00, 3 networks on 500 images), and above 3 of the 3\n',
    );
  });

  it('shows balanced accuracy where classes are unbalanced', async () => {
    const result = await printed({ ...GIVEN, networks: [{ ...GIVEN.networks[0]!, balanced: 0.6125 }] });
    expect(result).toMatch(/^network .* test accuracy +balanced +top-5$/m);
    expect(result).toMatch(/^dna-a .* 70\.00 % ±2\.83 +61\.25 % +90\.00 %$/m);
  });

  it('has no rating and no search to repeat for a network that was given', async () => {
    const result = await printed(GIVEN);
    expect(result).toMatch(/^dna-a .* 70\.00 % ±2\.83 +90\.00 %$/m);
    expect(result).not.toMatch(/rating|another seed/);
  });
});

describe('the page', () => {
  it('draws top-1 over the epochs with its band, and says which epoch was best and why that flatters', () => {
    const page = reportPage(data(SEARCHED));
    const section = page.slice(page.indexOf('id="training"'), page.indexOf('id="time"'));
    expect(section).toMatch(/found was best at epoch 2 with 72\.00 %: chosen on these images/);
    const [, curve] = /d="M([^"]*)" class="curve-found"/.exec(section) ?? [];
    const points = curve!.split('L').map((point) => point.split(' ').map(Number));
    expect(points).toHaveLength(3);
    // The second is the highest, and higher is less in pixels.
    expect(Math.min(...points.map(([, y]) => y!))).toBe(points[1]![1]);
    expect(section.match(/class="band-found"/g)).toHaveLength(1);
    expect(page).toContain('<td>67.10–72.76 %</td>');
  });

  it('leaves the curve out where accuracy was measured once', () => {
    const summary = { ...SEARCHED, networks: [{ ...MEASURED, epochs: EPOCHS.slice(2) }] };
    expect(reportPage(data(summary))).not.toContain('id="training"');
  });

  it('of a given network speaks of no search', () => {
    const page = reportPage(data(GIVEN));
    expect(page).toMatch(/<title>sample: training from scratch<\/title>/);
    expect(page).toMatch(/dna-a, with .* multiply-adds, reached a test accuracy of 70\.00 %/);
    expect(page).toContain('The network was given; there was no search.');
    expect(page).not.toMatch(/Rating|random network/);
  });
});

it('summary.json has what was measured, without the epochs', async () => {
  const folder = temporaryFolder();
  await applied(reportJson()).hooks.runFinished.promise({ summary: GIVEN, folder });
  const { epochs: _, ...network } = GIVEN.networks[0]!;
  const written = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  expect(written).toMatchObject({ rating: null, networks: [network] });
  expect(written.networks[0]).not.toHaveProperty('epochs');
});
