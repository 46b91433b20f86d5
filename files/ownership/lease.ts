import { join } from 'node:path';
import { reading } from '../errors.js';
import { ifExists } from '../file-layer.js';
import { sealJson } from '../sealed-json.js';
import { writeAtomically } from '../write-atomically.js';
import { isLast, type Ownable, type Owner } from './owner.js';

/** Seconds without a renewal after which a task's owner on another host is taken for gone. */
export const LEASE_SECONDS = 120;
/** Renewals in the time of a lease: so many can come late or be lost. */
export const RENEWALS_A_LEASE = 6;

/** Shows that the owner with `number` lives: others see the count change. Does nothing once it was followed. */
export function renew(ownable: Ownable, number: number, count: number): void {
  if (!isLast(ownable, number)) return;
  const file = `${number}.renewed`;
  writeAtomically(
    ownable.files,
    join(ownable.folder, file),
    sealJson({ renewals: count }, `${ownable.name}/${file}`),
  );
}

/** What one look at another's lease tells. */
export interface LeaseState {
  /** It was renewed while it was watched. */
  readonly alive: boolean;
  /** It was not renewed for its whole time. */
  readonly lapsed: boolean;
}

interface Sight {
  readonly number: number;
  readonly renewals: string;
  readonly since: number;
  readonly alive: boolean;
}

/**
 * Watches whether owners on other hosts renew their leases. Only the watcher's own clock counts, and only from its
 * first look on: clocks of two hosts need not agree.
 */
export class LeaseWatch {
  readonly #clock: () => number;
  readonly #sights = new Map<string, Sight>();

  /** @param clock gives milliseconds and never goes back. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  look(ownable: Ownable, { number, leaseSeconds }: Owner): LeaseState {
    const before = this.#sights.get(ownable.folder);
    const renewals = renewalsOf(ownable, number);
    const same = before?.number === number;
    if (same && before.renewals === renewals) {
      const seconds = (this.#clock() - before.since) / 1000;
      return { alive: before.alive, lapsed: leaseSeconds !== undefined && seconds >= leaseSeconds };
    }
    const sight = { number, renewals, since: this.#clock(), alive: same };
    this.#sights.set(ownable.folder, sight);
    return { alive: sight.alive, lapsed: false };
  }
}

/** Any change is a renewal, so that what is not understood is no death. */
function renewalsOf({ files, folder, name }: Ownable, number: number): string {
  const bytes = reading(name, () => ifExists(() => files.readFile(join(folder, `${number}.renewed`))));
  return bytes ? Buffer.from(bytes).toString('latin1') : '';
}
