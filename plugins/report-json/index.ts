import { join } from 'node:path';
import { definePlugin, nodeFiles, type RunSummary, writeAtomically } from 'dna-nas/core';

/** Name of the file in the run folder. */
export const SUMMARY_FILE = 'summary.json';

/** Writes the summary of a finished run to `summary.json` in its folder. */
export const reportJson = definePlugin({
  name: 'report-json',
  description: 'summary.json in the run folder: networks, costs, accuracies and times, for programs.',
  module: import.meta.url,
  export: 'reportJson',
  apply(run) {
    run.hooks.runFinished.tap('report-json', ({ summary, folder }) => {
      const text = formatSummary(summary);
      writeAtomically(nodeFiles, join(folder, SUMMARY_FILE), Buffer.from(text));
    });
  },
});

/** The file's text: exactly the documented fields, in the documented order. */
export function formatSummary(summary: RunSummary): string {
  const { preset, seed, backend, seconds, architecture, rating, stages } = summary;
  const networks = summary.networks.map(({ name, params, macs, top1 }) => ({ name, params, macs, top1 }));
  const { warnings } = summary;
  const told = warnings && { warnings };
  const fields = { preset, seed, backend, seconds, architecture, rating, networks, stages, ...told };
  return `${JSON.stringify(fields, null, 2)}\n`;
}
