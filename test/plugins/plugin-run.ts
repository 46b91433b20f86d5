import { createHooks, type Plugin, type ResolveAnswer, type ResolveHook, type RunHooks } from 'dna-nas/core';

/** What a plugin answers to a resolve hook when it is the only one, or when some others are beside it. */
export async function answer<Name extends ResolveHook>(
  plugin: Plugin,
  hook: Name,
  { project = process.cwd(), beside = [] }: { project?: string; beside?: readonly Plugin[] } = {},
): Promise<ResolveAnswer<Name>> {
  const hooks: RunHooks = createHooks();
  const resolve = async <Asked extends ResolveHook>(asked: Asked, slot: string) => {
    const found = await hooks[asked].promise({ slot });
    if (found === undefined) throw new Error(`Nobody answers ${asked} here.`);
    return found as ResolveAnswer<Asked>;
  };
  for (const one of [plugin, ...beside]) one.apply({ hooks, seed: 1, project, main: true, resolve });
  return resolve(hook, 'test');
}
