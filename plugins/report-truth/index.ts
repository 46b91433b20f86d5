import { join } from 'node:path';
import { definePlugin } from 'dna-nas/core';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { formatTruth } from './format-truth.js';

/** Name of the file in the run folder. */
export const TRUTH_FILE = 'truth.csv';

/** Writes what several given networks reached, each trained alone, to `truth.csv` in the run's folder. */
export const reportTruth = definePlugin({
  name: 'report-truth',
  description: 'truth.csv in the folder of a run of several given networks: what an audit holds ratings to.',
  module: import.meta.url,
  export: 'reportTruth',
  apply(run) {
    run.hooks.runFinished.tapPromise('report-truth', async ({ summary, folder }) => {
      if (!summary.networks.every(({ architecture }) => architecture !== undefined)) return;
      const space = await run.resolve('resolveSpace', 'space');
      const text = formatTruth(summary, { space, values: run.config?.values ?? {} });
      writeAtomically(nodeFiles, join(folder, TRUTH_FILE), Buffer.from(text));
    });
  },
});
