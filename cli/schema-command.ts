import type { Command } from 'commander';
import type { CommandTools, OptionSchema, PluginCommand } from 'dna-nas/core';
import { collect } from './config-options.js';

/** Gives a command that is declared by a schema its options, and its work. */
export function setUpCommand(command: Command, found: PluginCommand): void {
  const { name, argument, options } = found;
  for (const [option, schema] of Object.entries(options.properties)) {
    if (option === argument) command.argument(`[${option}]`, schema.description);
    else addOption(command, option, schema);
  }
  command.action(async () => {
    const given = { ...command.opts(), ...(argument && { [argument]: command.args[0] }) };
    const { checkValues } = await import('dna-nas/core/config');
    const values = checkValues(`command dna ${name}`, options, await readValues(given, options.properties));
    const { withStopSignals } = await import('./stop-signals.js');
    if (found.stoppable) await withStopSignals((signal) => found.run(values, { ...tools(), signal }));
    else await found.run(values, tools());
  });
}

/** `batchSize` → `--batch-size <value>`; true or false is a flag, with `--no-…` where false is not the default. */
function addOption(command: Command, name: string, schema: OptionSchema): void {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const text = schema.default === undefined ? '' : ` (default: ${JSON.stringify(schema.default)})`;
  if (isRepeatable(schema)) {
    command.option(`--${flag} <value>`, `${schema.description} (repeatable)`, collect);
    return;
  }
  if (schema.type !== 'boolean') {
    command.option(`--${flag} <value>`, schema.description + text);
    return;
  }
  command.option(`--${flag}`, schema.description + text);
  if (schema.default !== false) command.option(`--no-${flag}`, `not: ${schema.description}`);
}

/** A list of texts is given one by one, as `--set` is everywhere. */
function isRepeatable({ type, items }: OptionSchema): boolean {
  return type === 'array' && (items as OptionSchema | undefined)?.type === 'string';
}

/** Texts stay as they are; everything else is read as YAML, as `--set` does. */
async function readValues(
  given: Record<string, unknown>,
  properties: Readonly<Record<string, OptionSchema>>,
): Promise<object> {
  const { parse } = await import('yaml');
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = given[name];
    values[name] = typeof value !== 'string' || schema.type === 'string' ? value : parse(value);
  }
  return values;
}

function tools(): CommandTools {
  return {
    project: process.cwd(),
    print: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
  };
}
