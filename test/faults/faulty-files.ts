import type { FileLayer } from 'dna-nas/files';

/**
 * How the chosen operation fails. `late EIO`: it is done and fails all the same. `short write`: a write takes half and
 * says so. `death`: the process ends there, a write stops in its middle; nothing it would do later reaches the disk.
 */
export type Fault = 'EIO' | 'late EIO' | 'ENOSPC' | 'short write' | 'death';

const READING = ['readdir', 'stat', 'readFile'];

export interface Operation {
  readonly name: string;
  readonly path: string;
}

/** Whether an operation changes the disk, or makes a change last. */
export function isWriting({ name }: Operation): boolean {
  return !READING.includes(name);
}

/** Faults that one kind of operation can meet. Where reading dies, the disk is as where the next writing does. */
export function faultsOf(operation: Operation): readonly Fault[] {
  if (!isWriting(operation)) return ['EIO'];
  const common: readonly Fault[] = ['EIO', 'late EIO', 'ENOSPC', 'death'];
  return operation.name === 'write' ? [...common, 'short write'] : common;
}

export interface FaultyFiles extends FileLayer {
  /** Every operation that was asked for, in order. */
  readonly operations: readonly Operation[];
  /** Whether the process is to be taken as dead. */
  readonly dead: boolean;
}

/** A disk whose operation number `at` (from 0) fails. */
export function faultyFiles(
  disk: FileLayer,
  at = Number.POSITIVE_INFINITY,
  fault: Fault = 'EIO',
): FaultyFiles {
  const operations: Operation[] = [];
  const state = { dead: false };
  const call = (name: keyof FileLayer, values: unknown[]): unknown => {
    const real = () => (disk[name] as (...given: unknown[]) => unknown).apply(disk, values);
    if (state.dead) throw failureOf('death');
    operations.push({ name, path: String(values[0]) });
    if (operations.length - 1 !== at) return real();
    if (fault === 'death') state.dead = true;
    if (name === 'write' && (fault === 'short write' || fault === 'death')) {
      const half = writeHalf(disk, values as [number, Uint8Array, number]);
      if (fault === 'short write') return half;
    }
    // A descriptor is given back even by a close that fails.
    if (fault === 'late EIO' || (name === 'close' && !state.dead)) real();
    throw failureOf(fault);
  };
  const names = ['open', 'write', 'truncate', 'fsync', 'close', 'syncFolder', 'rename', 'link', 'unlink'];
  const layer = Object.fromEntries(
    [...names, 'rmdir', 'mkdir', ...READING].map((name) => [
      name,
      (...values: unknown[]) => call(name as keyof FileLayer, values),
    ]),
  );
  Object.defineProperty(layer, 'dead', { get: () => state.dead });
  return Object.assign(layer, { operations }) as unknown as FaultyFiles;
}

function writeHalf(disk: FileLayer, [descriptor, bytes, offset]: [number, Uint8Array, number]): number {
  const end = offset + Math.ceil((bytes.length - offset) / 2);
  return disk.write(descriptor, bytes.subarray(0, end), offset);
}

function failureOf(fault: Fault): Error {
  if (fault === 'death') return new Error('This process is dead.');
  const code = fault === 'ENOSPC' ? 'ENOSPC' : 'EIO';
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A disk that can be read and takes nothing: full, read-only, or without a right. */
export function refusingFiles(disk: FileLayer, code: string): FileLayer {
  const refuse = (path: unknown): never => {
    throw Object.assign(new Error(`${code}: injected, ${path}`), { code });
  };
  const names = Object.keys(disk) as (keyof FileLayer)[];
  const writing = names.filter((name) => isWriting({ name, path: '' }));
  return { ...disk, ...Object.fromEntries(writing.map((name) => [name, refuse])) };
}
