import type { Argument, Command, Option } from 'commander';
import { addConfiguredCommands } from './configured-commands.js';
import { createProgram } from './program.js';

/** One command as plain data: what completion and the reference are made of. */
export interface CommandRow {
  /** `plugin new`; empty for `dna` itself. */
  readonly name: string;
  readonly description: string;
  /** Whether it only groups others. */
  readonly group: boolean;
  readonly arguments: readonly {
    readonly name: string;
    readonly usage: string;
    readonly description: string;
  }[];
  readonly options: readonly {
    /** `--preset`. */
    readonly long: string;
    /** As the help shows it: `--preset <name>`. */
    readonly flags: string;
    readonly takesValue: boolean;
    readonly description: string;
  }[];
  /** Names of the commands right below it. */
  readonly children: readonly string[];
}

/**
 * Every command, those of the package's plugins with their options, `dna` itself first. There is no other list.
 * @param options.configured those of plugins that are configured in this folder, too
 */
export async function commandTable({ configured = false } = {}): Promise<CommandRow[]> {
  const program = await createProgram('all');
  if (configured) await addConfiguredCommands(program);
  return rowsOf(program, '');
}

function rowsOf(command: Command, name: string): CommandRow[] {
  const row: CommandRow = {
    name,
    description: command.description(),
    group: command.commands.length > 0,
    arguments: command.registeredArguments.map(describeArgument),
    options: command.options.map(describeOption),
    children: command.commands.map((child) => child.name()),
  };
  return [row, ...command.commands.flatMap((child) => rowsOf(child, `${name} ${child.name()}`.trim()))];
}

function describeArgument(argument: Argument): CommandRow['arguments'][number] {
  const name = argument.name();
  const text = argument.variadic ? `${name}...` : name;
  return { name, usage: argument.required ? `<${text}>` : `[${text}]`, description: argument.description };
}

function describeOption({
  long,
  flags,
  required,
  optional,
  description,
}: Option): CommandRow['options'][number] {
  return { long: long ?? flags, flags, takesValue: required || optional, description };
}
