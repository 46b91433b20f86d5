import { createHooks, type Plugin, type ResolveAnswer, type ResolveHook, type RunHooks } from 'dna-nas/core';

/** What a plugin answers to a resolve hook when it is the only one. */
export async function answer<Name extends ResolveHook>(
  plugin: Plugin,
  hook: Name,
  project = process.cwd(),
): Promise<ResolveAnswer<Name>> {
  const hooks: RunHooks = createHooks();
  const resolve = () => Promise.reject(new Error('No other plugin is here.'));
  plugin.apply({ hooks, seed: 1, project, main: true, resolve });
  const found = await hooks[hook].promise({ slot: 'test' });
  if (found === undefined) throw new Error(`${plugin.name} did not answer ${hook}.`);
  return found as ResolveAnswer<Name>;
}
