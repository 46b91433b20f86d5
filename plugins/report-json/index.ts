import { join } from 'node:path';
import { definePlugin } from 'dna-nas/core';
import type { NetworkResult, RunSummary } from 'dna-nas/core/stages';
import { nodeFiles, writeAtomically } from 'dna-nas/files';

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
  const networks = summary.networks.map(networkFields);
  const { comparisons, standing, ledger } = summary;
  const told = summary.warnings && { warnings: summary.warnings };
  const fields = {
    preset,
    seed,
    backend,
    seconds,
    architecture,
    rating,
    networks,
    comparisons,
    standing,
    stages,
    ledger,
    ...told,
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** A network without its epochs, which `outcome.json` has; fields that were not measured are left out. */
function networkFields(network: NetworkResult) {
  const { name, params, macs, agreementWith, ...measured } = network;
  const { top1, top5, balanced, perClass, images, intervals, raw, best } = measured;
  const shares = { top1, top5, balanced, perClass, images, intervals, raw, best };
  return { name, params, macs, agreementWith, ...shares };
}
