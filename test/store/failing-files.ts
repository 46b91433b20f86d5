import { type FileLayer, nodeFiles } from 'dna-nas/files';

/** The real disk without the waiting for it: what a test reads back is the same. */
export const unsyncedFiles: FileLayer = { ...nodeFiles, fsync: () => {}, syncFolder: () => {} };

/** How the operation that is chosen fails. */
export type Failure = 'EIO' | 'ENOSPC' | 'short write' | 'death';

export interface FailingFiles extends FileLayer {
  /** Operations asked for so far. */
  readonly operations: number;
}

const WRITING = [
  'open',
  'write',
  'truncate',
  'fsync',
  'close',
  'syncFolder',
  'rename',
  'link',
  'unlink',
  'rmdir',
  'mkdir',
];

/**
 * The disk, whose operation number `at` (from 0) fails. `death`: nothing works from then on, as after a kill, and
 * a write stops in its middle. `short write`: a write takes half and says so, other operations fail with EIO.
 */
export function failingFiles(at: number, how: Failure): FailingFiles {
  let operations = 0;
  const dead = () => how === 'death' && operations > at + 1;
  const layer = { ...unsyncedFiles } as Record<string, (...values: never[]) => unknown>;
  for (const name of WRITING) {
    const real = layer[name]!;
    layer[name] = (...values: never[]) => {
      const number = operations++;
      if (number !== at && !dead()) return real(...values);
      if (name === 'write' && number === at) {
        const half = writeHalf(values as unknown as [number, Uint8Array, number]);
        if (how === 'short write') return half;
      }
      // A descriptor is given back even by a close that fails.
      if (name === 'close') real(...values);
      throw fileError(how === 'ENOSPC' ? 'ENOSPC' : 'EIO');
    };
  }
  return Object.defineProperty(layer, 'operations', { get: () => operations }) as unknown as FailingFiles;
}

function writeHalf([descriptor, bytes, offset]: [number, Uint8Array, number]): number {
  const half = bytes.subarray(0, offset + Math.ceil((bytes.length - offset) / 2));
  return nodeFiles.write(descriptor, half, offset);
}

function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
