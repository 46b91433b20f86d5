// What people are told where NVIDIA's driver is too old for the installed libtorch: one sentence with both versions.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));
/** CUDA 12.4, as `cudaDriverGetVersion` gives it. */
const DRIVER = '12040';
const SENTENCE = /finds an NVIDIA driver for CUDA 12\.4, and one for CUDA 13\.0 or newer is wanted/;

function dna(words, cwd) {
  const env = { ...process.env, FAKE_CUDA_DRIVER: DRIVER };
  return spawnSync(process.execPath, [PROGRAM, ...words], { cwd, env, encoding: 'utf8' });
}

function requireMatch(what, text, pattern) {
  if (!pattern.test(text)) throw new Error(`${what} with an old driver does not say ${pattern}:\n${text}`);
}

/** The list, `auto`, and `device=cuda` on the backends in `DNA_BACKENDS`. */
export function tellOldDriver() {
  const folder = mkdtempSync(join(tmpdir(), 'dna-old-driver-'));
  try {
    const backends = JSON.parse(dna(['backend', 'list', '--json'], folder).stdout);
    const told = (name) => backends.find((backend) => backend.name === name).description;
    requireMatch('torch', told('torch'), SENTENCE);
    requireMatch('auto', told('auto'), /^takes torch on the CPU: /);
    requireMatch('auto', told('auto'), SENTENCE);
    const device = ['--set', 'backend=torch', '--set', 'backend.device=cuda'];
    const { status, stderr } = dna(
      ['run', '--preset', 'quickstart', '--until', 'backend', ...device],
      folder,
    );
    if (status !== 1) throw new Error(`device=cuda with an old driver ends with ${status}`);
    requireMatch('device=cuda', stderr, /error DEVICE_MISSING: /);
    requireMatch('device=cuda', stderr, SENTENCE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 'an old driver is told by the list, by auto and by device=cuda';
}
