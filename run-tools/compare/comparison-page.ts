import { resolve } from 'node:path';
import type { RunsComparison } from 'dna-nas/core';
import { attachRunFolder } from 'dna-nas/core/store';
import { applyPagePlugin } from '../report/page-plugin.js';

/** Writes a comparison as a page that needs nothing else. Loads none of the runs' own plugins. */
export async function writeComparisonPage(comparison: RunsComparison, page: string): Promise<void> {
  const run = await applyPagePlugin(attachRunFolder(comparison.runs[0]!.folder));
  await run.hooks.runsCompared.promise({ comparison, page: resolve(page) });
}
