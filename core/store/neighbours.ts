import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isPlainObject, type ProcessIdentity, processState, thisProcess } from 'dna-nas/files';
import { ownCores } from './own-cores.js';

/** Beside the run folders, which hold nothing of a machine. No run's name begins with a dot. */
const PLACE = ['.machine', '.working'] as const;
/** Processes come and go; a look costs a file each. */
const LOOK_MILLISECONDS = 5000;

/** What of a machine a process uses. */
export interface MachineUse {
  /** Numbers of the cores that it may use. @default those of the process */
  readonly cores?: readonly number[];
  /** Numbers of the devices that its workers are on. @default none: they have cores alone */
  readonly devices?: readonly number[];
}

/** A process that works on a run on this machine. */
export interface Neighbour extends Required<MachineUse> {
  readonly process: ProcessIdentity;
}

/**
 * The processes that work on one run on this machine, this one among them, so that they share what it has. Nothing
 * depends on it but speed: where it cannot be written or read, this process counts as alone.
 */
export class Neighbours {
  readonly #folder: string;
  readonly #process: ProcessIdentity;
  readonly #cores: readonly number[];
  readonly #clock: () => number;
  #looked: { readonly at: number; readonly cores: number } | undefined;

  /** @param run the run's folder. */
  constructor(run: string, clock: () => number = () => performance.now()) {
    const path = resolve(run);
    this.#process = thisProcess();
    const [machine, working] = PLACE;
    this.#folder = join(dirname(path), machine, this.#process.host, working, basename(path));
    this.#cores = ownCores();
    this.#clock = clock;
  }

  /** Says that this process works on the run from now on. */
  join({ cores = this.#cores, devices = [] }: MachineUse = {}): void {
    const own: Neighbour = { process: this.#process, cores, devices };
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(this.#file(this.#process.pid), JSON.stringify(own));
    } catch {
      // A folder that is read-only here: others do not see this process.
    }
  }

  /** The last one leaves nothing behind. */
  leave(): void {
    try {
      rmSync(this.#file(this.#process.pid), { force: true });
      const host = dirname(dirname(this.#folder));
      for (const folder of [this.#folder, dirname(this.#folder), host, dirname(host)]) rmdirSync(folder);
    } catch {
      // A folder that others use stays, and whoever looks finds this process gone.
    }
  }

  /** Those that are alive, without this one. */
  others(): Neighbour[] {
    return namesIn(this.#folder).flatMap((name) => {
      const other = readNeighbour(join(this.#folder, name));
      if (!other || other.process.pid === this.#process.pid) return [];
      return processState(other.process, this.#process) === 'alive' ? [other] : [];
    });
  }

  /** Cores of this process: of one that n processes may use, the n-th part. Looked up every few seconds. */
  cores(): number {
    const now = this.#clock();
    if (!this.#looked || now - this.#looked.at >= LOOK_MILLISECONDS)
      this.#looked = { at: now, cores: this.#share() };
    return this.#looked.cores;
  }

  #share(): number {
    const others = this.others();
    const parts = this.#cores.map(
      (core) => 1 / (1 + others.filter(({ cores }) => cores.includes(core)).length),
    );
    return parts.reduce((sum, part) => sum + part, 0);
  }

  #file(pid: number): string {
    return join(this.#folder, `${pid}.json`);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

/** Undefined for a file that is half written, or gone meanwhile. */
function readNeighbour(file: string): Neighbour | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const sound = isPlainObject(read) && isPlainObject(read.process);
    return sound && Array.isArray(read.cores) && Array.isArray(read.devices)
      ? (read as unknown as Neighbour)
      : undefined;
  } catch {
    return undefined;
  }
}
