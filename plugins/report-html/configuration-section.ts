import { leaves } from 'dna-nas/core/run';
import { type Markup, tag } from './markup.js';
import { optionsTable } from './options-table.js';
import type { ReportData, RunConfigurationRecord } from './run-data.js';

/** What the run has otherwise than its preset, all its options, and what it was computed with. */
export function configurationSection({ configuration }: ReportData): Markup | undefined {
  if (!configuration) return undefined;
  const { differences, values } = configuration;
  const all = [...leaves(values)].map(([path, text]) => ({ path, values: { value: JSON.parse(text) } }));
  return tag(
    'section',
    { 'aria-labelledby': 'configuration' },
    tag('h2', { id: 'configuration' }, 'Configuration'),
    tag('p', {}, [versionWords(configuration), presetWords(configuration)].filter(Boolean).join(' ')),
    differences !== undefined && differences.length > 0 && optionsTable(['preset', 'run'], differences),
    tag('details', {}, tag('summary', {}, `All ${all.length} options`), optionsTable(['value'], all)),
  );
}

function presetWords({ preset, differences }: RunConfigurationRecord): string {
  if (!preset) return 'It is based on no preset.';
  if (differences === undefined) return `It is based on ${preset}.`;
  return differences.length > 0
    ? `What differs from the preset ${preset}:`
    : `All options are those of the preset ${preset}.`;
}

function versionWords({ version, identity }: RunConfigurationRecord): string {
  const short = (hash: string) => hash.slice(0, 12);
  const computed = [
    version && `dna-nas ${version}`,
    identity?.numerics && `on ${identity.numerics}`,
    identity?.data && `images ${short(identity.data)}`,
    identity?.teacher && `teacher ${short(identity.teacher)}`,
  ].filter(Boolean);
  return computed.length > 0 ? `Computed by ${computed.join(', ')}.` : '';
}
