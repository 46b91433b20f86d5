import { type LoadedPlugin, loadPlugins, resolveConfig } from 'dna-nas/configuration';
import type { JsonObject, ResolveAnswer, ResolveHook, RunHooks } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { type AppliedRun, applyPlugins, SLOTS } from 'dna-nas/core/plugin';

/** Where a plugin is and what it is given. */
export interface PluginRequest {
  /** Folder that relative paths start from. @default process.cwd() */
  readonly project?: string;
  /** Its options. @default the defaults of its schema */
  readonly options?: JsonObject;
}

/** One plugin alone in a run that asks for nothing. */
export interface PluginUnderTest {
  readonly loaded: LoadedPlugin;
  /** Plain data, as workers get it. */
  readonly config: ResolvedConfig;
  readonly run: AppliedRun;
  /** Hooks that it taps. */
  readonly hooks: readonly (keyof RunHooks)[];
}

/** Applies one plugin the way a run does, from its reference. */
export async function applyAlone(
  loaded: LoadedPlugin,
  { project = process.cwd(), options = {} }: PluginRequest,
): Promise<PluginUnderTest> {
  const config = await resolveConfig({
    project,
    configFile: false,
    config: { name: 'plugin-test', reports: [], plugins: [{ use: loaded.use, ...options }] },
  });
  const run = await applyPlugins(config, { project, main: true });
  return { loaded, config, run, hooks: tappedHooks(run.hooks) };
}

/** Hooks that somebody taps, in the order of the table. */
export function tappedHooks(hooks: RunHooks): (keyof RunHooks)[] {
  return (Object.keys(hooks) as (keyof RunHooks)[]).filter((name) => hooks[name].taps.length > 0);
}

/** The slot that a hook is asked for, the first if there are several. */
export function slotOf(hook: ResolveHook): string {
  return Object.entries(SLOTS).find(([, { hook: asked }]) => asked === hook)![0];
}

/**
 * What the one plugin of a file answers to a hook, to be tested further: a loss, a space, a data source.
 *
 * @throws DnaError as a run would, `HOOK_UNANSWERED` if the plugin does not answer that hook.
 */
export async function answerOf<Hook extends ResolveHook>(
  file: string,
  hook: Hook,
  request: PluginRequest = {},
): Promise<ResolveAnswer<Hook>> {
  const [loaded] = await loadPlugins(file, request.project ?? process.cwd());
  const { run } = await applyAlone(loaded!, request);
  return run.resolve(hook, slotOf(hook));
}
