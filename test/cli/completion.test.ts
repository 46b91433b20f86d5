import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInPresets } from 'dna-nas/core/plugin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandTable } from '../../dist/cli/command-table.js';
import { SHELLS } from '../../dist/cli/completion/values.js';
import { ROOT } from '../repository/sources.js';

const PRESETS = builtInPresets();
let folder: string;
const script = (shell: string) => join(folder, `dna.${shell}`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dna-completion-'));
  for (const shell of SHELLS) {
    const words = [join(ROOT, 'bin/dna.js'), 'completion', shell];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    writeFileSync(script(shell), stdout);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a shell offers for each line, the last word of which is being typed. */
type Ask = (lines: readonly string[][]) => string[][];

function runShell(command: string, program: string): string[][] {
  const { stdout, stderr, status } = spawnSync(command, ['-c', program], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean));
}

const quote = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

const ASK: Readonly<Record<string, Ask>> = {
  bash: (lines) =>
    runShell(
      'bash',
      `source ${script('bash')}\n${lines
        .map(
          (words) =>
            `COMP_WORDS=(${quote(words)}); COMP_CWORD=${words.length - 1}; _dna; echo "\${COMPREPLY[*]}"`,
        )
        .join('\n')}`,
    ),
  // Outside of its line editor zsh lacks what shows the offers: here it prints them.
  zsh: (lines) =>
    runShell(
      'zsh',
      `compdef() { }; _files() { print files }; offer() { print -- \${(M)@:#\${words[CURRENT]}*} };
       compadd() { shift; offer "$@" }; _describe() { offer "\${(@)found%%:*}" };
       source ${script('zsh')}\n${lines
         .map((words) => `words=(${quote(words)}); CURRENT=${words.length}; _dna`)
         .join('\n')}`,
    ),
  fish: (lines) =>
    runShell(
      'fish',
      `source ${script('fish')}\n${lines
        .map((words) => `echo (complete -C '${words.join(' ')}' | string replace -r '\\t.*' '')`)
        .join('\n')}`,
    ),
};

describe.each(Object.keys(ASK))('%s', (shell) => {
  const missing = spawnSync(shell, ['--version']).error !== undefined;

  test.skipIf(missing)(
    `offers commands, options and values${missing ? ' (skipped: it is not installed)' : ''}`,
    () => {
      const [commands, group, preset, option, ofPlugin, shells] = ASK[shell]!([
        ['dna', 'pl'],
        ['dna', 'plugin', 'n'],
        ['dna', 'run', '--preset', 'quick'],
        ['dna', 'run', '--preset', 'quickstart', '--unt'],
        ['dna', 'teacher', 'train', '--epo'],
        ['dna', 'completion', 'f'],
      ]);
      expect(commands).toEqual(expect.arrayContaining(['plugin', 'plugins']));
      expect(group).toEqual(['new']);
      expect(preset).toEqual(PRESETS.filter((name) => name.startsWith('quick')));
      expect(option).toEqual(['--until']);
      expect(ofPlugin).toEqual(['--epochs']);
      expect(shells).toEqual(['fish']);
    },
  );
});

test.each(SHELLS)('%s knows every command and every option', async (shell) => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(script(shell), 'utf8');
  const rows = await commandTable();
  expect(rows.length).toBeGreaterThan(15);
  for (const { name, options } of rows) {
    expect(text).toContain(name);
    for (const { long } of options) expect(text).toContain(shell === 'fish' ? `-l ${long.slice(2)}` : long);
  }
});
