import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHooks, type Plugin, type PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { afterFile } from '../after-file.js';

/** A folder that goes when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-data-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function pluginRun(project: string): PluginRun {
  const resolve = () => Promise.reject(new Error('nothing to resolve'));
  return { hooks: createHooks(), seed: 1, project, main: true, resolve };
}

/** Applies a data plugin to a run and opens what it answers. */
export async function openData(plugin: Plugin, run: PluginRun, shared?: unknown): Promise<Dataset> {
  plugin.apply(run);
  const source = await run.hooks.resolveData.promise({ slot: 'data' });
  return source!.open(shared);
}
