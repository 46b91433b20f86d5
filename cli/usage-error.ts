import type { Command, CommanderError } from 'commander';

/** An error of ours made without loading `core`, so that a slip of the fingers is answered at once. */
class UsageError extends Error {
  override readonly name = 'DnaError';
  readonly code = 'USAGE';
  readonly exitCode = 2;

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** What commander found wrong with a command line: found, expected, what to do. */
export function usageError(error: CommanderError, program: Command, words: readonly string[]): UsageError {
  const command = commandOf(program, words);
  const [problem = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const close = /Did you mean (?:one of )?(.*)\?\)/.exec(suggestion ?? '')?.[1];
  const found = problem.charAt(0).toUpperCase() + problem.slice(1).replace(/\.$/, '');
  const meant = close === undefined ? advice(error, command) : `Did you mean ${close}? `;
  return new UsageError(`${found}${expected(error, command)}.`, meant + helpOf(command));
}

/** The deepest command that the words name. */
function commandOf(program: Command, words: readonly string[]): Command {
  const named = program.commands.find((command) => command.name() === words[0]);
  return named ? commandOf(named, words.slice(1)) : program;
}

function expected(error: CommanderError, command: Command): string {
  if (error.code === 'commander.unknownCommand') return `; the commands are ${children(command)}`;
  if (error.code === 'commander.missingArgument') return `; usage: ${pathOf(command)} ${command.usage()}`;
  if (error.code !== 'commander.unknownOption') return '';
  const flags = command.options.map(({ long }) => long);
  return flags.length > 0 ? `; the options are ${flags.join(', ')}` : '; there are no options';
}

function advice({ code }: CommanderError, command: Command): string {
  const wantsPreset = command.options.some(({ long }) => long === '--preset');
  return code === 'commander.excessArguments' && wantsPreset ? 'A preset is named by --preset NAME. ' : '';
}

function children(command: Command): string {
  return command.commands.map((child) => child.name()).join(', ');
}

function helpOf(command: Command): string {
  return `\`${pathOf(command)} --help\` shows how it is used.`;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
