import type { JsonObject } from 'dna-nas/core';
import type { Backend, BackendCheck } from 'dna-nas/core/contracts';
import { applyPlugins, builtInDefinition, builtInPlugins, SLOTS } from 'dna-nas/core/plugin';
import { DnaError } from 'dna-nas/errors';
import { resolveConfig } from '../resolve/resolve-config.js';

/** Short names of the backends that come with the package: `cpu`, `wasm`, … */
export function builtInBackends(): string[] {
  const { prefix } = SLOTS.backend;
  return builtInPlugins()
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}

/**
 * The backend that a plugin of the package supplies, as a run that chooses it by its short name would get it. So a
 * plugin can pass its own question on to another one without importing it.
 */
export async function builtInBackend(name: string, options: JsonObject = {}): Promise<Backend> {
  const project = process.cwd();
  const plugins = [{ use: SLOTS.backend.prefix + name, ...options }];
  const config = await resolveConfig({ project, configFile: false, config: { plugins } });
  const run = await applyPlugins(config, { project, main: false });
  return run.resolve('resolveBackend', 'backend');
}

/** Whether such a backend works on this machine; a failure of its plugin is an answer too. */
export async function checkBackend(name: string, options: JsonObject = {}): Promise<BackendCheck> {
  try {
    const backend = await builtInBackend(name, options);
    if (backend.check) return await backend.check();
    return { works: true, description: builtInDefinition(SLOTS.backend.prefix + name).description };
  } catch (error) {
    if (!(error instanceof DnaError)) throw error;
    return {
      works: false,
      reason: `fails: ${error.message}`,
      fix: error.hint ?? `See \`dna plugins backend-${name}\`.`,
    };
  }
}
