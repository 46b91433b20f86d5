import { type LoadedPlugin, loadPlugins } from 'dna-nas/configuration';
import type { ResolveHook } from 'dna-nas/core';
import type { AppliedRun } from 'dna-nas/core/plugin';
import { DnaError } from 'dna-nas/errors';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { type Check, type CheckResult, reasonOf, runChecks } from './check.js';
import { CONTRACTS } from './contracts/index.js';
import { applicationChecks, definitionChecks } from './definition-checks.js';
import { applyAlone, type PluginRequest, slotOf } from './plugin-under-test.js';

export interface CheckRequest extends PluginRequest {
  /** Whether the plugin is applied in a worker thread too, which takes a second. @default true */
  readonly threads?: boolean;
}

/**
 * Checks the plugins of a file, a package or the built-in of that name against their contracts: definition and
 * options, the reference by which workers reach them, and what each kind promises (shapes, gradients, determinism,
 * prices, tensors left behind). Runs on the reference backend; takes seconds.
 *
 * @returns one result a check, in order; a plugin that cannot be loaded or applied fails its first check.
 */
export async function checkPlugin(file: string, request: CheckRequest = {}): Promise<CheckResult[]> {
  // Keeps tfjs from advertising its node backend.
  tf.env().set('PROD', true);
  await startCpuBackend();
  const project = request.project ?? process.cwd();
  const name = 'loads';
  const found: { plugins?: readonly LoadedPlugin[] } = {};
  const fix = 'Correct the file as it says; --stack shows where it failed.';
  const run = async () => {
    found.plugins = await loadPlugins(file, project);
  };
  const results = await runChecks(file, [{ name, fix, run: () => withHint(run) }]);
  for (const plugin of found.plugins ?? [])
    results.push(...(await checkOne(plugin, { ...request, project })));
  return results;
}

async function checkOne(
  loaded: LoadedPlugin,
  request: CheckRequest & { project: string },
): Promise<CheckResult[]> {
  const { project, threads = true } = request;
  const results = await runChecks(loaded.name, definitionChecks(loaded, project));
  try {
    const subject = await applyAlone(loaded, request);
    results.push(...(await runChecks(loaded.name, applicationChecks(subject, { project, threads }))));
    for (const hook of subject.hooks) results.push(...(await checkAnswer(loaded.name, subject.run, hook)));
    return results;
  } catch (error) {
    const fix =
      (error instanceof DnaError && error.hint) || 'Give its required options with --set option=value.';
    const check = 'can be applied';
    return [...results, { plugin: loaded.name, check, ok: false, problem: reasonOf(error), fix }];
  }
}

/** What a plugin answers to one hook, against the contract of its kind. */
async function checkAnswer(plugin: string, run: AppliedRun, hook: string): Promise<CheckResult[]> {
  const contract = CONTRACTS[hook as ResolveHook] as ((answer: unknown) => Check[]) | undefined;
  if (!contract) return [];
  let answer: unknown;
  const answers: Check = {
    name: `answers ${hook}`,
    fix: 'Return the answer from the tap, and undefined only where another plugin shall answer.',
    run: () =>
      withHint(async () => {
        answer = await run.resolve(hook as ResolveHook, slotOf(hook as ResolveHook));
      }),
  };
  const results = await runChecks(plugin, [answers]);
  return answer === undefined ? results : [...results, ...(await runChecks(plugin, contract(answer)))];
}

/** The hint of an error of ours belongs to what is wrong. */
async function withHint(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DnaError && error.hint) throw new Error(`${error.message} ${error.hint}`);
    throw error;
  }
}
