import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { attempt, type FileLayer, type ProcessIdentity } from 'dna-nas/files';
import type { ResolvedConfig } from '../config/types.js';
import { launchedElsewhere } from '../errors.js';
import { applyPlugins } from '../plugin/apply-plugins.js';
import { packageVersion } from '../plugin/catalogue.js';
import type { StageName, TaskEvents } from '../stages/index.js';
import { attachRunFolder, type OpenOptions, openRunFolder, type RunFolder } from '../store/index.js';
import { Neighbours } from '../store/neighbours.js';
import { InlinePool } from '../work/inline-pool.js';
import { type Placement, placeWorkers, useOf } from '../work/place-workers.js';
import { WorkerPool } from '../work/pool.js';
import { listenTo, type RunEvent } from './listen-to.js';
import { missingFolders, removeMade } from './made-folders.js';
import { rememberOptions } from './remembered-options.js';
import { checkConfig } from './run-config.js';
import { Session } from './session.js';
import { readStoredConfig, type StoredRunRequest } from './stored-run.js';

/** Options of the run itself that are this machine's. */
export interface MachineOptions {
  /** Threads of a run, and tasks that the machine's cores are shared out among; 0 or absent: one a device. */
  readonly workers?: number;
  /** Numbers of the devices that they are placed on. @default 'auto' */
  readonly devices?: 'auto' | readonly number[];
  readonly checkpointSeconds?: number;
  readonly leaseSeconds?: number;
}

/** How a run is started. */
export interface SessionOptions {
  /** End quietly after this stage. */
  readonly until?: StageName;
  /** Aborted: save at the next step and throw `STOPPED`. */
  readonly signal?: AbortSignal;
  /**
   * Seconds that are left for that; after them the run ends with what its last timed checkpoint holds.
   * @default 8
   */
  readonly graceSeconds?: number;
  /**
   * Lay the tasks out that can be and end quietly, instead of executing them. Once all have results the run goes on.
   * @default false
   */
  readonly layOut?: boolean;
  /** Take a run over from another host whose process is gone. */
  readonly takeOver?: boolean;
  /**
   * Executes tasks in this thread instead of worker threads: a debugger sees everything, nothing runs side by side.
   * The signal is heard only where this thread returns to its event loop.
   * @default false
   */
  readonly inline?: boolean;
  /** Where its workers are, of the `share` that runs of one program have between them. @default all of the machine */
  readonly places?: { readonly placement: Placement; readonly share: number };
  /** Is told what happens, in order. An error that it throws ends the run. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Is told the run's folder, absolute, once this process has it. */
  readonly onOpen?: (folder: string) => void;
  /** The disk of the run's folder and of caches, for tests; implies `inline`. @default the real disk */
  readonly files?: FileLayer;
  /** Whom the run belongs to, for tests. @default this process */
  readonly process?: ProcessIdentity;
}

/** A configuration that is resolved already. */
export interface ResolvedRun {
  readonly config: ResolvedConfig;
  /** Folder that relative paths of the configuration start from. @default process.cwd() */
  readonly project?: string;
}

/** What to run: a configuration, or the folder of a run to go on with as it is stored there. */
export type RunStart = ResolvedRun | StoredRunRequest;

/** Applies the plugins, becomes the run's owner and starts the workers. */
export async function openSession(start: RunStart, options: SessionOptions): Promise<Session> {
  const { config, project, path } = findRun(start);
  const run = await applyPlugins(config, { project, main: true, files: options.files });
  if (options.onEvent) listenTo(run.hooks, options.onEvent);
  await requireLauncher(run, options);
  const machine = config.machine as MachineOptions;
  const notices: string[] = [];
  // A disk of tests is looked at after failures.
  const made = options.files ? [] : missingFolders(path);
  const folder = openRunFolder(path, { ...folderOptions(options), noticed: (text) => notices.push(text) });
  try {
    checkConfig(folder, config);
    options.onOpen?.(path);
    // A disk of tests counts what is done to it.
    if (!options.files) rememberOptions({ folder: path, project }, config.machine);
    const session = await startSession({ config, run, folder, made, project, machine, options });
    for (const notice of notices) session.tell('noticed', notice).catch(() => undefined);
    options.signal?.addEventListener('abort', () => session.pool.stop(), { once: true });
    return session;
  } catch (error) {
    if (!removeMade(folder, made)) folder.release();
    throw error;
  }
}

function findRun(start: RunStart): {
  readonly config: ResolvedConfig;
  readonly project: string;
  readonly path: string;
} {
  if ('folder' in start) {
    const folder = attachRunFolder(start.folder);
    const { config, project } = readStoredConfig(folder, start);
    return { config: { ...config, version: packageVersion() }, project, path: folder.path };
  }
  const project = resolve(start.project ?? process.cwd());
  return { config: start.config, project, path: runFolderOf(start.config, project) };
}

/** Tasks that belong to other processes are laid out and not executed. @throws DnaError `LAUNCHER_ELSEWHERE` */
async function requireLauncher({ hooks }: Session['run'], { layOut = false }: SessionOptions): Promise<void> {
  if (layOut) return;
  const launcher = await hooks.resolveLauncher.promise({ slot: 'launcher' });
  if (launcher?.where === 'elsewhere') throw launchedElsewhere();
}

/** Where a configuration's run lies. Absolute. */
export function runFolderOf({ machine, name }: ResolvedConfig, project: string): string {
  return join(resolve(project, String(machine.runs ?? 'runs')), name);
}

function folderOptions({ takeOver = false, files, process }: SessionOptions): OpenOptions {
  return { takeOver, ...(files && { files }), ...(process && { process }) };
}

async function startSession(dependencies: {
  config: ResolvedConfig;
  run: Session['run'];
  folder: RunFolder;
  made: readonly string[];
  project: string;
  machine: MachineOptions;
  options: SessionOptions;
}): Promise<Session> {
  const { config, folder, made, machine, options, project, run } = dependencies;
  const { until, layOut = false, signal, graceSeconds } = options;
  const inline = options.inline || options.files !== undefined;
  const { places } = options;
  const placement = places?.placement ?? (await placeRun(run, inline ? { ...machine, workers: 1 } : machine));
  const share = places?.share ?? placement.length;
  folder.journal({
    event: 'started',
    host: hostname(),
    pid: process.pid,
    node: process.version,
    workers: placement.length,
    ...useOf(placement),
  });
  const { token, path } = folder;
  const claims = folder.openClaims({
    // Nobody else is at the disk of a test.
    renewing: options.files === undefined,
    ...(options.process && { process: options.process }),
    ...(machine.leaseSeconds !== undefined && { leaseSeconds: machine.leaseSeconds }),
  });
  const start = { config, project, folder: path, token, checkpointSeconds: machine.checkpointSeconds ?? 60 };
  const used = layOut ? placement.slice(0, 1) : placement;
  const startPool = (events: TaskEvents) =>
    inline
      ? new InlinePool(
          { ...start, place: placement[0]!, ...(options.files && { files: options.files }) },
          events,
        )
      : new WorkerPool(used, { ...start, share, workers: share }, events);
  const neighbours = new Neighbours(path);
  if (!layOut && !options.files) neighbours.join(useOf(used));
  return new Session({
    ...{ config, run, folder, made, claims, neighbours, placement: used, startPool, until, layOut },
    stop: { signal, graceSeconds },
  });
}

/** Where a run's workers are on this machine: one network is one task, for which all cores are left. */
export async function placeRun(
  run: Session['run'],
  { workers, devices }: Pick<MachineOptions, 'workers' | 'devices'>,
): Promise<Placement> {
  const single = run.config?.values.architecture !== undefined;
  return placeWorkers(await run.resolve('resolveBackend', 'backend'), {
    ...(workers !== undefined && { workers }),
    ...(devices !== undefined && { devices }),
    single,
  });
}

/**
 * Ends the workers and gives the run back; of one that failed before any work nothing is left. What fails here is no
 * loss: the next start finds this process gone.
 */
export async function closeSession(
  session: Session,
  { failed }: { readonly failed: boolean },
): Promise<void> {
  await session.pool.close();
  const { claims, folder, made, neighbours } = session;
  neighbours.leave();
  // An error of the run itself, if there is one, is the one to tell.
  attempt(() => claims.close());
  if (failed && removeMade(folder, made)) return;
  attempt(() => session.bookLedger());
  attempt(() => folder.release());
}
