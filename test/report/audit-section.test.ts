import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditScores } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import { readRunData, reportPage } from 'dna-nas/plugins/report-html';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fake-run.js';
import { writeSampleRun } from './sample-run.js';

const folder = temporaryFolder();
const summary = writeSampleRun(folder);
const random = randomStream('audit section');
const draw = () => Float64Array.from({ length: 60 }, () => random.normal());
const accuracy = draw().map((value) => 0.7 + 0.02 * value);
const macs = draw().map((value) => Math.round(1e7 * Math.exp(0.3 * value)));
const rating = accuracy.map((value, i) => 1 - value + 0.01 * Math.sin(i));
const audit = auditScores({ rating, accuracy, seeds: [], costs: { macs, params: macs } }, { resamples: 100 });
const points = { rating: [...rating], accuracy: [...accuracy].map((share) => 100 * share), macs: [...macs] };

function pageWith(record: object): string {
  writeFileSync(join(folder, 'audit.json'), JSON.stringify(record));
  return reportPage(readRunData(folder, summary));
}

test('a run that was audited shows each network, each predictor with its interval, and the verdict', () => {
  const page = pageWith({ ...audit, points });
  const section = page.slice(
    page.indexOf('<section aria-labelledby="audit">'),
    page.indexOf('<section aria-labelledby="front">'),
  );
  expect(section).toContain(audit.verdict);
  expect(section.match(/<circle /g)).toHaveLength(60);
  expect(section).toContain('>60 networks</text>');
  const { kendallTau, interval } = audit.predictors.rating;
  const three = (value: number) => value.toFixed(3).replace('-', '−');
  expect(section).toContain(
    `<td>rating</td><td>${three(kendallTau!)}<span class="range">${three(interval![0])} to ${three(interval![1])}</span></td>`,
  );
  expect(section).toContain('<td>parameters</td>');
  expect(section).not.toContain('<td>depth</td>');
});

test('networks are told apart by size: each shade has a quarter of them', () => {
  const page = pageWith({ ...audit, points });
  for (const shade of [1, 2, 3, 4])
    expect(page.match(new RegExp(`class="spot k${shade}"`, 'g'))).toHaveLength(15);
});

test('of very many networks the picture says how many it shows', () => {
  expect(pageWith({ ...audit, n: 6561, points })).toContain('60 of 6,561 networks, drawn at random');
});

test('a run that was not audited has no such section, and a foreign file cannot smuggle markup', () => {
  expect(reportPage(readRunData(temporaryFolder(), summary))).not.toContain('known accuracies');
  const page = pageWith({ ...audit, points, verdict: '<script>alert(1)</script>' });
  expect(page).toContain('&lt;script&gt;alert(1)');
});
