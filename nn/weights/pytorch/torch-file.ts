import { type ByteSource, bytesSource, quoteShort } from 'dna-nas/archives';
import { torchInvalid, torchUnsupported } from './errors.js';
import { isLegacy, readLegacyFile } from './legacy-file.js';
import type { PickleValue } from './pickle-values.js';
import { readZipFile } from './zip-file.js';

/** Enough to tell the formats. */
const BEGIN_BYTES = 32;
const ZIP_MAGIC = Uint8Array.of(0x50, 0x4b, 0x03, 0x04);
/** Where tar archives say that they are. */
const TAR_MAGIC_AT = 257;

/** How `torch.save` wrote a file: `zip` since version 1.6, `legacy` before. */
export type TorchFormat = 'zip' | 'legacy';

/** What PyTorch wrote a file's bytes, judged by how they begin; undefined for others'. */
export function torchFormat(bytes: Uint8Array): TorchFormat | undefined {
  if (beginsWith(bytes, ZIP_MAGIC)) return 'zip';
  return isLegacy(bytes) ? 'legacy' : undefined;
}

/**
 * Reads a file that `torch.save` wrote, executing nothing: opcodes and names of its pickle are of closed sets, and
 * tensors are views of which nothing is read yet.
 * @throws DnaError `TORCH_INVALID`, `TORCH_UNSUPPORTED`, `ZIP_INVALID`
 */
export function readTorchFile(file: Uint8Array | ByteSource): { format: TorchFormat; value: PickleValue } {
  const source = file instanceof Uint8Array ? bytesSource(file) : file;
  const begin = source.read(0, Math.min(source.size, BEGIN_BYTES));
  const format = torchFormat(begin);
  if (format === 'zip') return { format, value: readZipFile(source) };
  if (format === 'legacy') return { format, value: readLegacyFile(source.read(0, source.size)) };
  throw unknownFormat(source, begin);
}

function unknownFormat(source: ByteSource, begin: Uint8Array): Error {
  const text = Buffer.from(source.read(0, Math.min(source.size, 512))).toString('latin1');
  if (text.slice(TAR_MAGIC_AT).startsWith('ustar')) {
    return torchUnsupported('it is a tar archive, as PyTorch wrote before 0.1.10');
  }
  const shown = quoteShort(Buffer.from(begin.subarray(0, 8)).toString('latin1'));
  return torchInvalid(
    source.size === 0 ? 'it is empty' : `it begins with ${shown}, as no file of torch.save does`,
  );
}

function beginsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}
