// Runs the commands of the docs as a reader would: node scripts/docs-commands.mjs [page …]
// Each page is followed from top to bottom in an empty folder that has the package. Comments before a block say what
// is to be done with it:
//   <!-- file: path -->         the block is a file's content
//   <!-- ends with: 2 -->       the exit code of its last command
//   <!-- not run: reason -->    it is not run, and why
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Pages that are made of commands and schemas by another script, and run nothing. */
const MADE = /^docs\/reference\//;

/** A block that takes longer is one to mark as not run. */
const MOST_SECONDS = 180;

/** Fenced blocks of a page with the comment before each. */
export function blocksOf(text) {
  return [...text.matchAll(/(?:<!-- ([^\n]+?) -->\s*\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, note = '', language, content]) => ({ note, language, content }),
  );
}

export function pages() {
  const below = (folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.md'));
  return [...below('docs'), ...below('examples')].filter((name) => !MADE.test(name)).sort();
}

/** A folder as a reader has it who has installed the package; the data that pages share are unpacked once. */
function makeProject(temporary, page) {
  const project = join(temporary, page.replaceAll(/[/.]/g, '-'));
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  symlinkSync(ROOT, join(project, 'node_modules', 'dna-nas'), 'junction');
  symlinkSync(join(ROOT, 'bin', 'dna.js'), join(project, 'node_modules', '.bin', 'dna'));
  symlinkSync(join(temporary, 'cache'), join(project, '.cache'), 'junction');
  // Examples are beside their page.
  symlinkSync(join(ROOT, 'examples'), join(project, 'examples'), 'junction');
  return project;
}

function runBlock(content, { project, expected }) {
  const path = join(project, 'node_modules', '.bin') + delimiter + process.env.PATH;
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', content], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1e8,
    timeout: MOST_SECONDS * 1000,
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const stopped =
    status === null ? `\nstopped after ${MOST_SECONDS} s: say before the block why it is not run` : '';
  return { ok: status === expected, status, seconds, output: `${stdout}\n${stderr}${stopped}`.trim() };
}

const counts = { run: 0, skipped: 0, failed: 0 };

function follow(page, temporary) {
  const project = makeProject(temporary, page);
  for (const { note, language, content } of blocksOf(readFileSync(join(ROOT, page), 'utf8'))) {
    const [, kind, value] = /^(file|ends with|not run): (.+)$/.exec(note) ?? [];
    if (kind === 'file') {
      mkdirSync(dirname(join(project, value)), { recursive: true });
      writeFileSync(join(project, value), content);
    } else if (language === 'sh') {
      followCommands(page, content, { project, kind, value });
    }
  }
}

function followCommands(page, content, { project, kind, value }) {
  const shown = content.trim().split('\n')[0];
  if (kind === 'not run') {
    counts.skipped += 1;
    console.log(`not run  ${page}: ${shown} (${value})`);
    return;
  }
  const expected = kind === 'ends with' ? Number(value) : 0;
  const { ok, status, seconds, output } = runBlock(content, { project, expected });
  counts[ok ? 'run' : 'failed'] += 1;
  console.log(`${ok ? 'ok      ' : 'FAILED  '} ${page}: ${shown} (${seconds} s)`);
  if (!ok) console.log(`ended with ${status}, expected ${expected}:\n${content}\n${output}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const temporary = mkdtempSync(join(tmpdir(), 'dna-docs-'));
  mkdirSync(join(temporary, 'cache'));
  const asked = process.argv
    .slice(2)
    .map((page) => relative(ROOT, join(process.cwd(), page)).replaceAll('\\', '/'));
  try {
    for (const page of asked.length > 0 ? asked : pages()) follow(page, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  console.log(`${counts.run} blocks of commands run, ${counts.skipped} not run, ${counts.failed} failed.`);
  process.exitCode = counts.failed > 0 || counts.run === 0 ? 1 : 0;
}
