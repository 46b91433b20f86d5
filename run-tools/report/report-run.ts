import type { FeaturesCompared, JsonObject, PluginRun, RunSoFar } from 'dna-nas/core';
import type { ResolvedPlugin, StoredConfig } from 'dna-nas/core/config';
import { applyPlugins } from 'dna-nas/core/plugin';
import { differences, openWorld, readStoredConfig, readSummary, runDiffers } from 'dna-nas/core/run';
import type { RunSummary, SearchResult, World } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder, openRunFolder, type RunFolder } from 'dna-nas/core/store';
import { DnaError } from 'dna-nas/errors';
import type { ImageChoice } from './chosen-images.js';
import { compareFeatures } from './compare-features.js';
import { nothingFound } from './errors.js';
import { PAGE, pagePlugin } from './page-plugin.js';
import { runSoFar } from './run-so-far.js';

export interface ReportRequest {
  /** The run's folder. */
  readonly folder: string;
  /** Folder that relative paths of the configuration start from. @default process.cwd() */
  readonly project?: string;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. @default those the run was started with here */
  readonly machine?: JsonObject;
  /** Draws feature maps of these images as well. */
  readonly features?: ImageChoice;
  /** Reports of the run that are left out, by name. @default none */
  readonly without?: readonly string[];
}

export interface RunReport {
  /** Absolute. */
  readonly folder: string;
  readonly complete: boolean;
  readonly summary: RunSummary | RunSoFar;
  readonly features?: FeaturesCompared;
}

/**
 * Draws the reports of a run again, complete or not, and computes nothing but the features that are asked for. While
 * another process works on the run, its folder is only given the reports' files.
 * @throws DnaError `RUN_NOT_FOUND`; `MODULE_FOREIGN` as for a task; with features, `ARCHITECTURE_MISSING` before the
 * search, `RUN_DIFFERS` where data or teacher are not the run's, and `IMAGE_UNKNOWN`.
 */
export async function reportRun(request: ReportRequest): Promise<RunReport> {
  const { folder, owned } = openFolder(request.folder);
  try {
    const { config, project } = readStoredConfig(folder, request);
    const plugins = reportPlugins(config.plugins, request.without ?? []);
    const run = await applyPlugins({ ...config, plugins }, { project, main: true });
    const features = request.features && (await withWorld(run, folder, request.features));
    if (features) await run.hooks.featuresCompared.promise(features);
    const told = await tell(run, folder, config);
    owned?.sealReports();
    return { folder: folder.path, ...told, ...(features && { features }) };
  } finally {
    owned?.release();
  }
}

/** As its owner where that can be, else for reading. */
function openFolder(path: string): { folder: AttachedRunFolder; owned?: RunFolder } {
  // A folder that is no run is not made one.
  const folder = attachRunFolder(path);
  try {
    const owned = openRunFolder(path);
    return { folder: owned, owned };
  } catch (error) {
    if (error instanceof DnaError && error.code === 'RUN_OWNED') return { folder };
    throw error;
  }
}

function reportPlugins(
  plugins: readonly ResolvedPlugin[],
  without: readonly string[],
): readonly ResolvedPlugin[] {
  const kept = plugins.filter(({ name, slot }) => slot !== 'reports' || !without.includes(name));
  if (kept.some(({ name }) => name === PAGE)) return kept;
  // The page is drawn even where the run's own reports lack it.
  return [...kept, pagePlugin()];
}

async function tell(
  run: PluginRun,
  folder: AttachedRunFolder,
  config: StoredConfig,
): Promise<Pick<RunReport, 'complete' | 'summary'>> {
  const done = readSummary(folder);
  if (done) {
    await run.hooks.runFinished.promise({ summary: done, folder: folder.path });
    return { complete: true, summary: done };
  }
  const summary = runSoFar(folder, config);
  await run.hooks.reportAsked.promise({ summary, folder: folder.path });
  return { complete: false, summary };
}

async function withWorld(
  run: PluginRun,
  folder: AttachedRunFolder,
  choice: ImageChoice,
): Promise<FeaturesCompared> {
  const found = (folder.readJson('search') as SearchResult | undefined)?.best;
  if (!found) throw nothingFound(folder.path);
  const backend = await run.resolve('resolveBackend', 'backend');
  await backend.start({ workers: 1 });
  // A run that has searched has a whole world.
  const opened = (await openWorld(run)) as World;
  let teacher: ReturnType<World['teacher']> | undefined;
  const world: World = {
    ...opened,
    teacher: () => {
      teacher = opened.teacher();
      return teacher;
    },
  };
  try {
    checkSame(folder, world);
    return await compareFeatures({ run, world, folder, found, choice });
  } finally {
    (await teacher?.catch(() => undefined))?.dispose();
    await world.dataset.close();
  }
}

/** Other bits of another backend do no harm to a picture; other images or another teacher would. */
function checkSame(folder: AttachedRunFolder, { data, teacherDescription }: World): void {
  const stored = folder.readJson('identity') as Record<string, string> | undefined;
  if (!stored) return;
  const now = { data: data.fingerprint, teacher: teacherDescription.fingerprint };
  const found = differences({ data: stored.data!, teacher: stored.teacher! }, now);
  if (found.length > 0) throw runDiffers(folder.path, found);
}
