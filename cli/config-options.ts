import type { Command } from 'commander';
import type { ConfigRequest } from 'dna-nas/configuration';

interface Given {
  readonly preset?: string;
  readonly config?: string | false;
  readonly smoke?: boolean;
  readonly set?: readonly string[];
  readonly plugin?: readonly string[];
}

/** Adds a value to those given before: for options that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** The options by which every command names its configuration. */
export function addConfigOptions(command: Command): Command {
  return command
    .option('--preset <name>', 'preset, or file, whose values are the defaults')
    .option('--config <file>', 'configuration to use instead of a dna.config.* in this folder')
    .option('--no-config', 'do not look for a configuration')
    .option('--smoke', 'a run of minutes through every stage: few steps, small images')
    .option('--set <path=value>', 'set one option, say distill.loss=cosine (repeatable)', collect)
    .option('--plugin <name>', 'add a plugin, say ./my-loss.ts (repeatable)', collect)
    .hook('preAction', async (_, acting) => {
      const { preset, config }: Given = acting.opts();
      if (preset === undefined) return;
      const { tellOfLayers } = await import('./tell-of-layers.js');
      tellOfLayers(preset, config);
    });
}

/** What was asked for, as `resolveConfig` and `run` take it. */
export function toRequest({ preset, config, smoke, set = [], plugin = [] }: Given): ConfigRequest {
  return {
    project: process.cwd(),
    ...(preset !== undefined && { preset }),
    ...((typeof config === 'string' || config === false) && { configFile: config }),
    ...(smoke && { smoke }),
    set,
    plugins: plugin,
  };
}
