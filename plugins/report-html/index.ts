import { join } from 'node:path';
import { definePlugin, nodeFiles, writeAtomically } from 'dna-nas/core';
import { reportPage } from './page.js';
import { readRunData } from './run-data.js';

export { reportPage } from './page.js';
export { type CellRatingsRecord, type ReportData, readRunData } from './run-data.js';

/** Name of the file in the run folder. */
export const REPORT_FILE = 'report.html';

/** Writes a page with pictures of what was found to `report.html` in the run folder. */
export const reportHtml = definePlugin({
  name: 'report-html',
  description: 'report.html in the run folder: the networks, the architecture and the ratings as one page.',
  module: import.meta.url,
  export: 'reportHtml',
  apply(run) {
    run.hooks.runFinished.tap('report-html', ({ summary, folder }) => {
      const page = reportPage(readRunData(folder, summary));
      writeAtomically(nodeFiles, join(folder, REPORT_FILE), Buffer.from(page));
    });
  },
});
