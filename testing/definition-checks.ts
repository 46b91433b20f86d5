import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type LoadedPlugin, loadPlugins } from 'dna-nas/configuration';
import { createHooks, type RunHooks } from 'dna-nas/core';
import { checkValues } from 'dna-nas/core/config';
import { type Check, demand } from './check.js';
import type { PluginUnderTest } from './plugin-under-test.js';

const LOADS = 'Say `module: import.meta.url` and, for a named export, `export: itsName` in definePlugin.';

/** What a plugin must be before it is applied. */
export function definitionChecks(loaded: LoadedPlugin, project: string): Check[] {
  return [
    {
      name: 'is made by definePlugin and described',
      fix: 'Export what definePlugin returns, with a description of one line.',
      run() {
        demand(loaded.factory !== undefined, () => 'a ready object is exported: it can take no options');
        const { description } = loaded.factory.definition;
        demand(/^\S[^\n]*$/.test(description), () => `its description is ${JSON.stringify(description)}`);
      },
    },
    {
      name: 'has an options schema whose defaults it allows',
      fix: 'Describe every option, and give defaults of the type and range that the schema asks for.',
      run: () => checkDefaults(loaded),
    },
    {
      name: 'has a reference that leads back to it, as plain data',
      fix: LOADS,
      run: () => checkReference(loaded, project),
    },
  ];
}

/** What every plugin must do, whatever it is for; `threads`: in a worker thread as well. */
export function applicationChecks(
  { config, hooks }: PluginUnderTest,
  { project, threads }: { project: string; threads: boolean },
): Check[] {
  const checks: Check[] = [
    {
      name: 'taps hooks',
      fix: 'Tap run.hooks.resolve… in apply, at once and not after an await.',
      run: () => demand(hooks.length > 0, () => 'it taps none'),
    },
    {
      name: 'does the same in a worker thread',
      fix: `${LOADS} Apply may not depend on what only the main thread has.`,
      async run() {
        const there = await tapsInWorker({ config, project });
        const missing = hooks.filter((hook) => worksInWorkers(hook) && !there.includes(hook));
        demand(missing.length === 0, () => `there it does not tap ${missing.join(', ')}`);
      },
    },
  ];
  return threads ? checks : checks.slice(0, 1);
}

function checkDefaults({ name, factory }: LoadedPlugin): void {
  const properties = factory?.definition.options?.properties ?? {};
  const defaults = checkValues(name, { properties }, {});
  checkValues(name, { properties }, defaults);
}

/** The reference that the factory's own plugins carry: those that a program makes are reached by it. */
async function checkReference({ name, factory }: LoadedPlugin, project: string): Promise<void> {
  if (!factory || factory.definition.options?.required?.length) return;
  const { reference } = factory();
  demand(reference !== undefined, () => 'plugins that it makes have none');
  const plain = JSON.parse(JSON.stringify(reference));
  demand(JSON.stringify(plain) === JSON.stringify(reference), () => 'its options are no plain data');
  const module = reference.module.startsWith('file:') ? fileURLToPath(reference.module) : reference.module;
  const found = await loadPlugins(`${module}#${reference.export}`, project).catch((error: Error) => error);
  demand(Array.isArray(found) && found[0]?.name === name, () =>
    found instanceof Error ? found.message : `it leads to ${found[0]?.name}`,
  );
}

/** What has happened is told in the main thread alone. */
function worksInWorkers(hook: keyof RunHooks): boolean {
  return createHooks()[hook].constructor !== createHooks().runFinished.constructor;
}

async function tapsInWorker(workerData: object): Promise<readonly string[]> {
  const plain = JSON.parse(JSON.stringify(workerData));
  const worker = new Worker(new URL('./taps-in-worker.js', import.meta.url), { workerData: plain });
  try {
    return await new Promise<string[]>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
  } finally {
    await worker.terminate();
  }
}
