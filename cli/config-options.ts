import type { Command } from 'commander';
import type { ConfigRequest } from 'dna-nas/core/config';
import { configFileIn } from './config-files.js';
import { printable } from './printable.js';

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
    .hook('preAction', (_, acting) => tellOfLayers(acting.opts()));
}

/** A preset that a file of this folder is laid over is another configuration than in an empty folder: no surprise. */
function tellOfLayers({ preset, config }: Given): void {
  const file = config ?? configFileIn(process.cwd());
  if (preset === undefined || !file) return;
  const said = `--preset ${preset}: what ${file} says is laid over it, in place of over what the file extends; \`dna config\` shows each value, --no-config leaves the file out.`;
  process.stderr.write(`${printable(said)}\n`);
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
