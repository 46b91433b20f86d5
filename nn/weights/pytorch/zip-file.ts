import { type ByteSource, openZip, quoteShort, type ZipArchive } from 'dna-nas/core';
import { DTYPES } from './dtypes.js';
import { torchInvalid, torchUnsupported } from './errors.js';
import { KNOWN_NAMES } from './known-names.js';
import { unpickle } from './opcodes.js';
import { PickleBytes } from './pickle-bytes.js';
import type { PickleValue } from './pickle-values.js';
import { requireSameStorage, storageReference } from './storage-reference.js';
import { TorchStorage } from './torch-storage.js';

const PICKLE = 'data.pkl';
/** Large checkpoints have a few megabytes. */
const LARGEST_PICKLE = 2 ** 26;
/** Who saves code has these beside the pickle. */
const SCRIPT = /^(code\/|constants\.pkl$)/;

/**
 * The format of PyTorch since 1.6: a zip archive with one folder, in it `data.pkl` and each storage as
 * `data/<key>`, stored without compression.
 */
export function readZipFile(source: ByteSource): PickleValue {
  const archive = openZip(source);
  const folder = findFolder(archive);
  requireLittleEndian(archive, folder);
  const entry = archive.entries.get(folder + PICKLE)!;
  if (entry.size > LARGEST_PICKLE) {
    throw torchUnsupported(`its ${PICKLE} of ${entry.size} bytes is above our limit of ${LARGEST_PICKLE}`);
  }
  const storages = new Map<string, TorchStorage>();
  return unpickle(new PickleBytes(archive.read(entry), PICKLE), {
    ...KNOWN_NAMES,
    refer: (identifier) => {
      const { key, dtype, length } = storageReference(identifier, 5);
      const known = storages.get(key);
      if (known) return requireSameStorage(known, { key, dtype, length });
      const storage = openStorage(archive, folder, { key, dtype, length });
      storages.set(key, storage);
      return storage;
    },
  });
}

function findFolder(archive: ZipArchive): string {
  const folders = [...archive.entries.keys()]
    .filter((name) => /^[^/]+\/data\.pkl$/.test(name))
    .map((name) => name.slice(0, -PICKLE.length));
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) {
    throw torchInvalid(`it is a zip archive with ${folders.length} entries named ${PICKLE}, expected one`);
  }
  for (const name of archive.entries.keys()) {
    if (name.startsWith(folder) && SCRIPT.test(name.slice(folder.length))) {
      throw torchUnsupported('it is a TorchScript archive, which is a program');
    }
  }
  return folder;
}

function requireLittleEndian(archive: ZipArchive, folder: string): void {
  const entry = archive.entries.get(`${folder}byteorder`);
  if (!entry) return;
  const order = entry.size > 16 ? '' : Buffer.from(archive.read(entry)).toString('latin1').trim();
  if (order !== 'little')
    throw torchUnsupported(`its byte order is ${quoteShort(order)}, only "little" is read`);
}

function openStorage(
  archive: ZipArchive,
  folder: string,
  { key, dtype, length }: ReturnType<typeof storageReference>,
): TorchStorage {
  const label = quoteShort(key);
  const entry = archive.entries.get(`${folder}data/${key}`);
  if (!entry) throw torchInvalid(`it has no data for the storage ${label}`);
  if (entry.method !== 'stored') {
    throw torchUnsupported(`the data of its storage ${label} are compressed, as torch.save never does`);
  }
  const expected = length * (dtype === undefined ? 1 : DTYPES[dtype].bytes);
  if (entry.size !== expected) {
    throw torchInvalid(`the data of its storage ${label} are ${entry.size} bytes, expected ${expected}`);
  }
  return new TorchStorage(dtype, length, () => archive.read(entry));
}
