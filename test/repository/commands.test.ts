import type { Command } from 'commander';
import { resolveConfig } from 'dna-nas/configuration';
import { describe, expect, test } from 'vitest';
import { toRequest } from '../../dist/cli/config-options.js';
import { createProgram } from '../../dist/cli/program.js';
import { documents } from './documents.js';
import { files, ROOT, read, SHIPPED } from './sources.js';

const { pages } = (await import(new URL('../../scripts/docs-commands.mjs', import.meta.url).href)) as {
  pages(): string[];
};

/** A word that stands for something: `NAME`, `<run>`, `…`. */
const PLACEHOLDER = /^[A-Z]+$|[<>…]/;

/** `dna …` in the fenced blocks and inline code of a document. */
function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash|console)?\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.replaceAll('\\\n', ' ').split('\n'),
  );
  const inline = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`((?:npx )?dna [^`\n]+)`/g)];
  return [...blocks, ...inline.map(([, code]) => code!)].flatMap((line) => {
    const found = /^\s*(?:\$ )?(?:.*&& )?(?:npx )?dna +(.*)$/.exec(line)?.[1];
    return found === undefined ? [] : [found.replace(/(?<!\S)#.*$/, '').trim()];
  });
}

/** As a shell splits a line, quotes taken off. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));
}

/** The command that a line names, and what of the line is not known to it. */
async function parse(line: string): Promise<{ command: Command; unknown: string[] }> {
  const all = words(line);
  let command = await createProgram(all);
  let rest = all;
  for (let next = child(command, rest[0]); next; next = child(command, rest[0])) {
    command = next;
    rest = rest.slice(1);
  }
  const { operands, unknown } = command.parseOptions(rest);
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  const asked = unknown.filter((word) => !['--help', '-h'].includes(word));
  const given = [...asked, ...operands.slice(most)];
  return { command, unknown: given.filter((word) => word !== '[options]') };
}

function child(command: Command, name: string | undefined): Command | undefined {
  return command.commands.find((one) => one.name() === name);
}

const lines = documents().flatMap((document) =>
  commandsOf(read(document)).map((line) => [document, line] as const),
);

test('the reader of commands reads commands', async () => {
  expect(
    commandsOf('```\nnpm ci && npx dna run --preset quickstart  # comment\n```\n`dna plugins loss-l1`'),
  ).toEqual(['run --preset quickstart', 'plugins loss-l1']);
  expect(words(`run --set 'distill.loss={use: a, b: 1}'`)).toEqual([
    'run',
    '--set',
    'distill.loss={use: a, b: 1}',
  ]);
  expect((await parse('run --prest x')).unknown).toEqual(['--prest', 'x']);
  expect((await parse('rnu')).unknown).toEqual(['rnu']);
  expect((await parse('teacher train --epochs 2')).unknown).toEqual([]);
  expect(lines.length).toBeGreaterThan(10);
});

describe('commands in documents', () => {
  // Their commands are run as they stand, by scripts/docs-commands.mjs: files that they name are made on the way.
  const followed = pages();

  test.each(lines)('%s: dna %s', async (document, line) => {
    const { command, unknown } = await parse(line);
    expect(unknown).toEqual([]);
    if (followed.includes(document)) return;
    if (!['run', 'config'].includes(command.name()) || words(line).some((word) => PLACEHOLDER.test(word)))
      return;
    const options = command.opts();
    const given =
      options.preset === undefined && options.config === undefined ? { preset: 'quickstart' } : {};
    await resolveConfig({ configFile: false, ...toRequest({ ...options, ...given }), project: ROOT });
  });
});

test('the README leads to the reference, which names every command', async () => {
  const { commands } = await createProgram([]);
  const names = commands.flatMap((one) =>
    one.commands.length > 0 ? one.commands.map((inner) => `${one.name()} ${inner.name()}`) : [one.name()],
  );
  expect(names.length).toBeGreaterThan(5);
  const reference = read('docs/reference/commands.md');
  expect(names.filter((name) => !reference.includes(`\`dna ${name}`))).toEqual([]);
});

test('commands in messages and comments exist', async () => {
  const program = await createProgram([]);
  const known = program.commands.map((command) => command.name());
  const wrong = SHIPPED.flatMap((folder) => files(folder, /\.ts$/)).flatMap((file) =>
    [...read(file).matchAll(/(?:[`'"(]|^ +\*? +|npx )dna ([a-z]+)/gm)]
      .filter(([, name]) => !known.includes(name!))
      .map(([, name]) => `${file}: dna ${name}`),
  );
  expect(wrong).toEqual([]);
});
