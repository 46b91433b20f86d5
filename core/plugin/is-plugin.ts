import type { Plugin, PluginFactory } from './plugin.js';

/** Whether a value that a module exports is a plugin, ready to be applied. */
export function isPlugin(value: unknown): value is Plugin {
  const plugin = value as Plugin | null;
  return typeof plugin === 'object' && typeof plugin?.name === 'string' && typeof plugin.apply === 'function';
}

/** Whether it makes plugins: what `definePlugin` returns. */
export function isFactory(value: unknown): value is PluginFactory {
  return typeof value === 'function' && typeof (value as PluginFactory).definition?.name === 'string';
}
