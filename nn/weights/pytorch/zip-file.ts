import { type ByteSource, openZip, quoteShort, type ZipArchive } from 'dna-nas/archives';
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
const LONGEST_NOTE = 16;
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
  requireVersion(archive, folder);
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

/** Old files do not say their byte order: it is little-endian. */
function requireLittleEndian(archive: ZipArchive, folder: string): void {
  const order = readNote(archive, `${folder}byteorder`) ?? 'little';
  if (order !== 'little') {
    throw torchUnsupported(`its byte order is ${quoteShort(order)}, only "little" is read`);
  }
}

/** All versions of PyTorch so far read and write 1 to 10. */
function requireVersion(archive: ZipArchive, folder: string): void {
  const version = readNote(archive, `${folder}version`) ?? '1';
  if (!/^([1-9]|10)$/.test(version)) {
    throw torchUnsupported(`its format has the version ${quoteShort(version)}; 1 to 10 are read`);
  }
}

/** A word in an entry of its own; undefined where there is none. */
function readNote(archive: ZipArchive, name: string): string | undefined {
  const entry = archive.entries.get(name);
  if (!entry) return undefined;
  if (entry.size > LONGEST_NOTE) throw torchInvalid(`its entry ${quoteShort(name)} has ${entry.size} bytes`);
  return Buffer.from(archive.read(entry)).toString('latin1').trim();
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
