/** What a `dna.config.ts` imports: configurations whose plugins, options and presets are known by name. */
export type { CoreOptions } from './built-in.js';
export {
  type Choice,
  type Config,
  defineConfig,
  type Elsewhere,
  type PluginFrom,
  type PresetName,
  pluginFrom,
  type Smoke,
} from './define-config.js';
