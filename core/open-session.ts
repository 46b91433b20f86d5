import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { applyPlugins } from './apply-plugins.js';
import { resolveConfig } from './config/resolve.js';
import type { ConfigRequest, ResolvedConfig } from './config/types.js';
import type { StageName, TaskEvents } from './contracts/index.js';
import { runDiffers } from './errors.js';
import { differences } from './identity.js';
import type { JsonObject } from './plugin.js';
import { Session } from './session.js';
import { openRunFolder, type RunFolder } from './store/index.js';
import { WorkerPool } from './work/pool.js';

const MOST_WORKERS = 8;

export interface SessionOptions {
  readonly until?: StageName;
  readonly signal?: AbortSignal;
  readonly takeOver?: boolean;
}

/** Resolves the configuration, applies the plugins, becomes the run's owner and starts the workers. */
export async function openSession(request: ConfigRequest, options: SessionOptions): Promise<Session> {
  const project = resolve(request.project ?? process.cwd());
  const config = await resolveConfig(request);
  const run = await applyPlugins(config, { project, main: true });
  const machine = config.machine as { runs?: string; workers?: number; checkpointSeconds?: number };
  const path = join(resolve(project, machine.runs ?? 'runs'), config.name);
  const folder = openRunFolder(path, { takeOver: options.takeOver ?? false });
  try {
    checkConfig(folder, config);
    const session = startSession({ config, run, folder, project, machine, options });
    options.signal?.addEventListener('abort', () => session.pool.stop(), { once: true });
    return session;
  } catch (error) {
    folder.release();
    throw error;
  }
}

function startSession(parts: {
  config: ResolvedConfig;
  run: Session['run'];
  folder: RunFolder;
  project: string;
  machine: { workers?: number; checkpointSeconds?: number };
  options: SessionOptions;
}): Session {
  const { config, folder, machine, options, project, run } = parts;
  const count = machine.workers || Math.min(availableParallelism(), MOST_WORKERS);
  folder.journal({
    event: 'started',
    host: hostname(),
    pid: process.pid,
    node: process.version,
    workers: count,
  });
  const { token, path } = folder;
  const start = { config, project, folder: path, token, checkpointSeconds: machine.checkpointSeconds ?? 60 };
  const startPool = (events: TaskEvents) => new WorkerPool(count, start, events);
  return new Session({ config, run, folder, startPool, until: options.until, signal: options.signal });
}

/** The folder's configuration is written once; a later start must ask for the same, reports apart. */
function checkConfig(folder: RunFolder, config: ResolvedConfig): void {
  const { version, preset, name, seed, values, plugins } = config;
  const now = JSON.parse(JSON.stringify({ version, preset, name, seed, values, plugins })) as StoredConfig;
  const before = folder.readJson('config') as StoredConfig | undefined;
  if (before === undefined) {
    folder.writeJson('config', now);
    return;
  }
  const found = differences(withoutReports(before), withoutReports(now));
  if (found.length > 0) throw runDiffers(name, found);
}

type StoredConfig = JsonObject & { readonly values: JsonObject; readonly plugins: readonly JsonObject[] };

/** Reports show a run and change nothing of it. */
function withoutReports(config: StoredConfig): JsonObject {
  const { reports: _, ...values } = config.values;
  const plugins = config.plugins.filter(({ slot }) => slot !== 'reports');
  return { ...config, values, plugins };
}

/** Ends the workers and gives the run back. */
export async function closeSession(session: Session): Promise<void> {
  await session.pool.close();
  session.bookLedger();
  session.folder.release();
}
