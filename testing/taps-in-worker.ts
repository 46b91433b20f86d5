/** A worker thread that applies a configuration and tells which hooks are tapped. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { applyPlugins } from 'dna-nas/core/plugin';
import { tappedHooks } from './plugin-under-test.js';

const { config, project } = workerData as { config: ResolvedConfig; project: string };
const { hooks } = await applyPlugins(config, { project, main: false });
parentPort!.postMessage(tappedHooks(hooks));
