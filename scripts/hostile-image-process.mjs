// Lays out hostile images and has a process of its own read them.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plainJpeg } from './hostile-jpegs.mjs';

const READER = fileURLToPath(new URL('hostile-image-reader.mjs', import.meta.url));
const SOUND = plainJpeg({ width: 40, height: 40 });

/**
 * Reads files that are named by `[name, bytes]` with the data plugin, each as training and as testing reads it.
 * Resolves with cases, refused, accepted, worstMegabytes, worstSeconds and the problems that were noticed; a process
 * that crashed has neither refused nor accepted any, and `crash` says how.
 */
export async function readImages(files, { threads = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dna-hostile-'));
  try {
    layOut(join(folder, 'images', 'one'), files);
    const run = promisify(execFile)(process.execPath, [READER, join(folder, 'images'), String(threads)], {
      maxBuffer: 2 ** 28,
    });
    return JSON.parse((await run).stdout);
  } catch (error) {
    const crash = `${error.signal ?? error.code}: ${(error.stderr ?? error.message).slice(-2000)}`;
    return {
      cases: files.length,
      refused: 0,
      accepted: 0,
      worstMegabytes: 0,
      worstSeconds: 0,
      problems: [],
      crash,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each before a sound one, and under a name of a JPEG whatever it is. */
function layOut(folder, files) {
  mkdirSync(folder, { recursive: true });
  files.forEach(([name, bytes], index) => {
    const number = String(index).padStart(6, '0');
    writeFileSync(join(folder, `${number}-a ${name}.jpg`), bytes);
    writeFileSync(join(folder, `${number}-b.jpg`), SOUND);
  });
}
