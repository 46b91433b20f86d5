import { join } from 'node:path';
import { definePlugin } from 'dna-nas/core';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { presetDifferences } from 'dna-nas/run-tools';
import { comparisonPage } from './comparison/page.js';
import { makeMaps } from './features/make-maps.js';
import { FEATURES_FILE } from './features/maps-file.js';
import { reportPage } from './page.js';
import { type ReportData, readRunData } from './run-data.js';

export { comparisonPage } from './comparison/page.js';
export { FEATURES_FILE, type FeatureMapsFile } from './features/maps-file.js';
export { reportPage } from './page.js';
export { type CellRatingsRecord, type ReportData, readRunData } from './run-data.js';

/** Name of the file in the run folder. */
export const REPORT_FILE = 'report.html';

function write(folder: string, name: string, text: string): void {
  writeAtomically(nodeFiles, join(folder, name), Buffer.from(text));
}

/** The same with what the run has otherwise than its preset. */
async function withPreset(data: ReportData): Promise<ReportData> {
  const { configuration } = data;
  if (!configuration) return data;
  return {
    ...data,
    configuration: { ...configuration, differences: await presetDifferences(configuration) },
  };
}

/** Writes a page with pictures of what was found to `report.html` in the run folder, `features.json` where feature maps were asked for, and a page that lays several runs side by side. */
export const reportHtml = definePlugin({
  name: 'report-html',
  description: 'report.html in the run folder: the networks, the architecture and the ratings as one page.',
  module: import.meta.url,
  export: 'reportHtml',
  apply(run) {
    run.hooks.runFinished.tapPromise('report-html', async ({ summary, folder }) => {
      write(folder, REPORT_FILE, reportPage(await withPreset(readRunData(folder, summary))));
    });
    run.hooks.reportAsked.tapPromise('report-html', async ({ summary, folder, complete = false, page }) => {
      const text = reportPage(await withPreset(readRunData(folder, summary, complete)));
      writeAtomically(nodeFiles, page ?? join(folder, REPORT_FILE), Buffer.from(text));
    });
    run.hooks.runsCompared.tap('report-html', ({ comparison, page }) => {
      writeAtomically(nodeFiles, page, Buffer.from(comparisonPage(comparison)));
    });
    run.hooks.featuresCompared.tap('report-html', (compared) => {
      write(compared.folder, FEATURES_FILE, `${JSON.stringify(makeMaps(compared))}\n`);
    });
  },
});
