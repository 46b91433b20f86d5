import { readRunData, reportPage } from 'dna-nas/plugins/report-html';
import { expect, it } from 'vitest';
import { temporaryFolder } from './fake-run.js';
import { type Element, parsePage, textOf, walk } from './parse-page.js';
import { writeSampleRun } from './sample-run.js';

const folder = temporaryFolder();
const data = readRunData(folder, writeSampleRun(folder));

it('tells what differs from the preset, all options, and what it was computed with', () => {
  const configuration = {
    ...{ version: '0.2.0', preset: 'quickstart', values: { seed: 7, distill: { epochs: 2 } } },
    identity: { data: 'abcdef0123456789', teacher: '9876543210fedcba', numerics: 'wasm simd128 float32' },
  };
  const differences = [{ path: 'distill.epochs', values: { preset: 0.8, run: 2 } }];
  const told = walk(parsePage(reportPage({ ...data, configuration: { ...configuration, differences } })));
  const section = told.find((one) => one.attributes.get('aria-labelledby') === 'configuration')!;
  const rows = walk(section).filter(({ name }) => name === 'tr');
  expect(rows.map((row) => row.children.map((cell) => textOf(cell as Element)))).toEqual([
    ['Option', 'preset', 'run'],
    ['distill.epochs', '0.8', '2'],
    ['Option', 'value'],
    ['seed', '7'],
    ['distill.epochs', '2'],
  ]);
  expect(textOf(section)).toContain(
    'Computed by dna-nas 0.2.0, on wasm simd128 float32, images abcdef012345, teacher 9876543210fe.',
  );
  const none = reportPage({ ...data, configuration: { ...configuration, differences: [] } });
  expect(none).toContain('All options are those of the preset quickstart.');
});
