// Whether the C++ and CUDA sources are as clang-format 21 writes them: node scripts/native-format.mjs [--write]
// With --write it writes them. clang-format is taken from the path, or from pip; without both it is skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Another version breaks lines elsewhere. */
const VERSION = '21.1.0';

const folder = mkdtempSync(join(tmpdir(), 'dna-format-'));
try {
  format(findFormatter());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function findFormatter() {
  const { stdout } = spawnSync('clang-format', ['--version'], { encoding: 'utf8' });
  if (stdout?.includes(`version ${VERSION.split('.')[0]}.`)) return 'clang-format';
  const words = ['-m', 'pip', 'install', '--quiet', '--target', folder, `clang-format==${VERSION}`];
  if (spawnSync('python3', words).status === 0) return join(folder, 'bin', 'clang-format');
}

function format(program) {
  if (program === undefined) {
    console.log(`skipped: neither the path nor pip has clang-format ${VERSION} here`);
    return;
  }
  const list = ['ls-files', '*.cpp', '*.h', '*.cu', '*.cuh'];
  const files = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const how = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '--Werror'];
  const env = { ...process.env, PYTHONPATH: [folder, process.env.PYTHONPATH].filter(Boolean).join(':') };
  const { status, stderr } = spawnSync(program, [...how, ...files], { cwd: ROOT, encoding: 'utf8', env });
  process.stderr.write(stderr);
  console.log(
    status === 0
      ? `${files.length} files are formatted`
      : 'format them: node scripts/native-format.mjs --write',
  );
  process.exitCode = status === 0 ? 0 : 1;
}
