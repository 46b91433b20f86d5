/** A worker thread that applies a configuration and tells which hooks are tapped. */
import { parentPort, workerData } from 'node:worker_threads';
import { applyPlugins, type ResolvedConfig } from 'dna-nas/core';
import { tappedHooks } from './plugin-under-test.js';

const { config, project } = workerData as { config: ResolvedConfig; project: string };
const { hooks } = await applyPlugins(config, { project, main: false });
parentPort!.postMessage(tappedHooks(hooks));
