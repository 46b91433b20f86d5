import { Ajv } from 'ajv';
import { run } from 'dna-nas/configuration';
import { describe, expect, test } from 'vitest';
import { commandTable } from '../../dist/cli/command-table.js';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { output } from '../cli/output.js';
import { config, project } from '../mistakes/project.js';

/** Twelve networks, each trained twice. */
const SCORES = `rating,macs,params,depth,latency,accuracy_1,accuracy_2
${Array.from({ length: 12 }, (_, i) => [-i, i % 5, 7 * i, i % 3, i, 0.5 + i / 50, 0.52 + i / 50].join(',')).join('\n')}
`;

describe('--json', async () => {
  const rows = await commandTable();
  const reading = rows.filter(({ options }) => options.some(({ long }) => long === '--json'));

  test('has a schema in cli/json-schemas.ts for each command that takes it, and for no other', () => {
    expect(Object.keys(JSON_SCHEMAS).sort()).toEqual(reading.map(({ name }) => name).sort());
  });

  /** Arguments of commands that cannot do without. */
  const WORDS: Readonly<Record<string, readonly string[]>> = {
    audit: ['scores.csv', '--resamples', '100'],
    describe: ['--architecture', 'dna-a'],
    plan: ['--preset', 'quickstart', '--no-config', '--seconds', '0.1', '--images', '20'],
    'plugin test': ['loss-cosine'],
    report: ['runs/tiny'],
    verify: ['runs/tiny'],
  };
  const cheap = [
    'audit',
    'config',
    'describe',
    'plan',
    'presets',
    'plugins',
    'plugin test',
    'report',
    'verify',
    'doctor',
    'backend list',
  ];

  test.each(cheap)('dna %s prints what its schema says', async (name) => {
    const folder = await project({ ...config(), 'scores.csv': SCORES });
    if (name === 'verify' || name === 'report')
      await run({ project: folder }, { inline: true, until: 'supernet' });
    const printed = JSON.parse(await output(folder, [...name.split(' '), ...(WORDS[name] ?? []), '--json']));
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS[name]!);
    validate(printed);
    expect(validate.errors ?? []).toEqual([]);
  });
});
