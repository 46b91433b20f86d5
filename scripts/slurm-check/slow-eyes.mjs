// Loaded into a task before anything else (NODE_OPTIONS): a machine whose clock is wrong and whose file system shows
// what other machines write late. $DNA_CHECK_CLOCK: milliseconds that the clock is off; $DNA_CHECK_LATE: milliseconds.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';

const off = Number(process.env.DNA_CHECK_CLOCK ?? 0);
const late = Number(process.env.DNA_CHECK_LATE ?? 0);
const { now } = Date;
if (off) Date.now = () => now() + off;

if (late) {
  const { readdirSync, linkSync, renameSync, writeFileSync } = fs;
  /** What this thread has written itself, it sees at once; what another of its process has, late. */
  const own = new Set();
  const noting = (write, at) =>
    function noted(...words) {
      own.add(basename(String(words[at])));
      return write.apply(this, words);
    };
  fs.linkSync = noting(linkSync, 1);
  fs.renameSync = noting(renameSync, 1);
  fs.writeFileSync = noting(writeFileSync, 0);
  fs.readdirSync = (folder, ...options) => {
    const names = readdirSync(folder, ...options);
    if (!/[\\/](claims|lock)([\\/]|$)/.test(String(folder))) return names;
    return names.filter((entry) => own.has(String(entry)) || !isFresh(join(String(folder), String(entry))));
  };
  const isFresh = (path) => {
    const { ctimeMs = 0 } = fs.statSync(path, { throwIfNoEntry: false }) ?? {};
    return now() - ctimeMs < late;
  };
  syncBuiltinESMExports();
}
