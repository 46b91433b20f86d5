import { join, resolve } from 'node:path';
import type { CommandTools, OptionsSchema, PluginCommand } from 'dna-nas/core';
import { makeFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { formatTruth } from './format-truth.js';
import { parseBenchmark } from './parse-benchmark.js';
import { ADDRESS, readSource } from './read-source.js';

interface GetOptions {
  readonly to: string;
  readonly from: string;
}

const FILE = 'truth.csv';

const OPTIONS: OptionsSchema = {
  properties: {
    to: {
      description: `Folder that gets ${FILE}, relative to the project.`,
      kind: 'machine',
      type: 'string',
      minLength: 1,
      default: '.cache/dna-nas/nas-bench-macro',
    },
    from: {
      description:
        'The benchmark’s JSON file, or its rows as CSV (arch, acc0, acc1, acc2, params, flops): a file at hand, or ' +
        'an address.',
      kind: 'machine',
      type: 'string',
      minLength: 1,
      default: ADDRESS,
    },
  },
};

/** `dna data get nas-bench-macro`: writes the true accuracies of the space’s networks as `dna truth` writes its own. */
export const getCommand: PluginCommand = {
  name: 'data get nas-bench-macro',
  description: 'Fetch the true accuracies of the 6,561 networks of NAS-Bench-Macro, check and write them.',
  options: OPTIONS,
  run: (options, tools) => get(options as unknown as GetOptions, tools),
};

async function get({ to, from }: GetOptions, { project, print }: CommandTools): Promise<void> {
  const rows = parseBenchmark(await readSource(from, project), from);
  const folder = resolve(project, to);
  makeFolder(nodeFiles, folder);
  writeAtomically(nodeFiles, join(folder, FILE), Buffer.from(formatTruth(rows)));
  print(`${join(to, FILE)} holds the accuracies of ${rows.length} networks.`);
}
