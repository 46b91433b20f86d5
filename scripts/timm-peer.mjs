// A Python with timm, to hold ours against: DNA_PYTHON names it.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./timm-reference.py', import.meta.url));
const PROBE = 'import PIL, safetensors.torch, timm, torch; print(timm.__version__)';

/** `{ python, version }`, or `{ skipped }` with the reason. */
export function findTimm() {
  const python = process.env.DNA_PYTHON;
  if (!python) return { skipped: 'DNA_PYTHON names no Python with torch, timm, Pillow and safetensors' };
  const { status, stdout } = spawnSync(python, ['-c', PROBE], { encoding: 'utf8' });
  if (status !== 0) return { skipped: `${python} cannot import torch, timm, Pillow and safetensors` };
  return { python, version: stdout.trim() };
}

/** Runs one command of the script; returns what it prints. */
export function askTimm(python, words) {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Starts the script's `forward`; `ask(line)` waits until its answer lies in the folder. */
export function startForward(python, words) {
  const child = spawn(python, [SCRIPT, 'forward', ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      if ((await lines.next()).done) throw new Error('The Python process has ended.');
    },
    close: () => child.stdin.end(),
  };
}
