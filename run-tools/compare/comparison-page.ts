import { resolve } from 'node:path';
import type { RunsComparison } from 'dna-nas/core';
import { storedConfig } from 'dna-nas/core/config';
import { applyPlugins } from 'dna-nas/core/plugin';
import { attachRunFolder } from 'dna-nas/core/store';
import { pagePlugin } from '../report/page-plugin.js';

/** Writes a comparison as a page that needs nothing else. Loads none of the runs' own plugins. */
export async function writeComparisonPage(comparison: RunsComparison, page: string): Promise<void> {
  const first = attachRunFolder(comparison.runs[0]!.folder);
  const config = storedConfig(first.readJson('config'));
  const applied = { ...config, sources: {}, machine: {}, plugins: [pagePlugin()] };
  const run = await applyPlugins(applied, { project: process.cwd(), main: true });
  await run.hooks.runsCompared.promise({ comparison, page: resolve(page) });
}
