// Processor time of commands that need no tensors, from their start to their end: `node bench/first-output.mjs [--json]`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, ROOT, runAlone } from './measure.mjs';

const COMMANDS = [
  ['--help'],
  ['config', '--preset', 'quickstart'],
  ['config', '--preset', 'quickstart', '--set', 'seed=2'],
  // A file of one's own: the first start takes its types out and keeps what is left.
  ['config', '--config', 'mine.config.ts'],
  // This one loads the space and the teacher, which name their layers.
  ['describe', '--preset', 'quickstart'],
  ['plugins'],
  ['plugins', 'optimiser-adam'],
  ['presets'],
  ['completion', 'bash'],
  ['status', 'none'],
  ['tasks', 'none'],
  ['verify', 'none'],
  ['runs', 'none'],
];
const CONFIG =
  "import { defineConfig } from 'dna-nas';\n\nexport default defineConfig({ extends: 'quickstart' });\n";
const ROUNDS = 7;
const MOST_MILLISECONDS = 300;

/** A start of Node that does nothing is told beside: it is in every other figure. */
export async function benchFirstOutput() {
  const folder = mkdtempSync(join(tmpdir(), 'dna-first-output-'));
  try {
    writeFileSync(join(folder, 'mine.config.ts'), CONFIG);
    const dna = join(ROOT, 'bin', 'dna.js');
    const rounds = Array.from({ length: ROUNDS }, () => [
      milliseconds(['-e', '0'], folder),
      ...COMMANDS.map((words) => milliseconds([dna, ...words], folder)),
    ]);
    const [node, ...commands] = rounds[0].map((_, column) => median(rounds.map((round) => round[column])));
    const figures = COMMANDS.map((words, index) => ({
      what: `dna ${words.join(' ')}: processor time`,
      value: commands[index],
      unit: 'ms',
      target: { most: MOST_MILLISECONDS },
    }));
    return {
      bench: 'first-output',
      figures: [{ what: 'Node alone: processor time', value: node, unit: 'ms' }, ...figures],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** User and system time of a process with all its threads, as the shell tells it. */
function milliseconds(words, cwd) {
  const script = 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1';
  const { stderr, error } = spawnSync('bash', ['-c', script, process.execPath, ...words], {
    cwd,
    encoding: 'utf8',
  });
  if (error) throw error;
  const seconds = stderr.trim().split(' ').map(Number);
  return 1000 * seconds.reduce((sum, value) => sum + value, 0);
}

await runAlone(import.meta.url, benchFirstOutput);
