import type { PluginRun } from 'dna-nas/core';
import { type ResolvedPlugin, storedConfig } from 'dna-nas/core/config';
import { applyPlugins, builtInPlugin } from 'dna-nas/core/plugin';
import type { AttachedRunFolder } from 'dna-nas/core/store';

/** Name of the report that can show everything. */
export const PAGE = 'report-html';

/** That report, for those who want its page where no configuration asks for it. */
export function pagePlugin(): ResolvedPlugin {
  const reference = { ...builtInPlugin(PAGE), options: {} };
  return { name: PAGE, slot: 'reports', reference, source: 'program' };
}

/** A run with that report alone: none of its own plugins is loaded. */
export async function applyPagePlugin(folder: AttachedRunFolder): Promise<PluginRun> {
  const config = storedConfig(folder.readJson('config'));
  const alone = { ...config, sources: {}, machine: {}, plugins: [pagePlugin()] };
  return applyPlugins(alone, { project: process.cwd(), main: true });
}
