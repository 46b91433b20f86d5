import {
  attempt,
  currentOwner,
  type Disk,
  JournalWriter,
  journalText,
  LEASE_SECONDS,
  LeaseWatch,
  lossOf,
  type Ownable,
  type Owner,
  type ProcessIdentity,
  processState,
  RENEWALS_A_LEASE,
  releaseOwnership,
  renew,
  sweepFolder,
  takeOwnership,
  thisProcess,
} from 'dna-nas/files';
import { claimLost, readOnly, taskClaimed } from './errors.js';
import { isTaskName, layout } from './layout.js';
import { TaskFiles } from './task-files.js';

export interface ClaimOptions {
  /** @default this process */
  readonly process?: ProcessIdentity;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /** Milliseconds that never go back, by which leases of others are judged. @default performance.now */
  readonly watch?: () => number;
  /** Seconds after which other hosts may take a claim that was not renewed. @default LEASE_SECONDS */
  readonly leaseSeconds?: number;
  /** Whether a timer renews the claims; without one they lapse. @default true */
  readonly renewing?: boolean;
  /** Takes tasks from processes on other hosts without waiting for their leases. @default false */
  readonly takeOver?: boolean;
}

/** What came of claiming a task. */
export type Claiming =
  | { readonly state: 'taken'; readonly number: number }
  | { readonly state: 'finished' }
  | {
      readonly state: 'held';
      readonly owner: Owner;
      /** It is known to live: its process was seen, or it renewed its lease while it was watched. */
      readonly alive: boolean;
    };

const LOOKS_A_LEASE = 12;

/**
 * Claims of one process on tasks of a run. A claim is an owner as the run's is, in a folder of the task's own: whoever
 * has the highest number works on the task, and every write checks it. On one host a claim ends with its process; on
 * others once it was not renewed for its lease, as seen by whoever wants it.
 */
export class TaskClaims {
  readonly #disk: Disk;
  readonly #options: ClaimOptions & { readonly run?: number };
  readonly #process: ProcessIdentity;
  readonly #leaseSeconds: number;
  readonly #watch: LeaseWatch;
  readonly #held = new Map<string, { readonly number: number; readonly journal: JournalWriter }>();
  #timer: NodeJS.Timeout | undefined;
  #renewals = 0;

  /** Use `AttachedRunFolder.openClaims`; `run`: number of the run's owner on whose behalf they are made. */
  constructor(disk: Disk, options: ClaimOptions & { readonly run?: number }) {
    this.#disk = disk;
    this.#options = options;
    this.#process = options.process ?? thisProcess();
    this.#leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS;
    this.#watch = new LeaseWatch(options.watch);
  }

  /** Numbers of the claims that are held, by task: what its workers write by. */
  numbers(tasks: readonly string[]): Record<string, number> {
    return Object.fromEntries(tasks.map((task) => [task, this.#held.get(task)!.number]));
  }

  /** How long to wait before asking again: a part of a lease, and no more than given. */
  lookMilliseconds(most: number): number {
    return Math.min(most, (1000 * this.#leaseSeconds) / LOOKS_A_LEASE);
  }

  /** Asked again and again, it takes the task over once its claim has lapsed. */
  take(task: string): Claiming {
    if (this.#finished(task)) return { state: 'finished' };
    const held = this.#held.get(task);
    if (held) return { state: 'taken', number: held.number };
    const claim = this.#claim(task);
    this.#disk.makeFolder(claim.name);
    let alive = true;
    const taking = takeOwnership(claim, {
      process: this.#process,
      clock: this.#options.clock ?? Date.now,
      takeOver: this.#options.takeOver ?? false,
      facts: this.#facts,
      superseded: (owner) => isSuperseded(this.#disk, owner),
      lapsed: (owner) => {
        const look = this.#watch.look(claim, owner);
        alive = look.alive;
        return look.lapsed;
      },
    });
    if (!taking) throw taskClaimed(task, 'many processes at once');
    if (!taking.taken) return { state: 'held', owner: taking.owner, alive };
    return this.#begin(task, taking.owner.number);
  }

  /**
   * Appends an event to the claim's own journal: no other process ever writes to that file.
   * @throws DnaError `CLAIM_LOST`.
   */
  journal(task: string, entry: { readonly event: string; readonly [detail: string]: unknown }): void {
    const { number, journal } = this.#held.get(task)!;
    requireClaim(this.#claim(task), { task, number });
    const time = new Date((this.#options.clock ?? Date.now)()).toISOString();
    journal.append((sequence) => journalText({ sequence, time, ...entry }, this.#disk.machineFolders));
  }

  /** Gives a task up, finished or not. Twice does no harm. */
  release(task: string): void {
    const held = this.#held.get(task);
    if (!held) return;
    this.#held.delete(task);
    if (this.#held.size === 0) this.#stopRenewing();
    attempt(() => held.journal.close());
    attempt(() => releaseOwnership(this.#claim(task), held.number));
  }

  /** Gives all up. */
  close(): void {
    for (const task of [...this.#held.keys()]) this.release(task);
  }

  get #facts(): Pick<Owner, 'leaseSeconds' | 'run'> {
    const { run } = this.#options;
    return { leaseSeconds: this.#leaseSeconds, ...(run !== undefined && { run }) };
  }

  #begin(task: string, number: number): Claiming {
    const path = this.#disk.path(layout.claimJournal(task, number));
    this.#held.set(task, { number, journal: new JournalWriter(this.#disk.files, path) });
    // Whoever had it before may have finished it between the first look and now.
    if (this.#finished(task)) {
      this.release(task);
      return { state: 'finished' };
    }
    sweepFolder(this.#disk, layout.checkpoints(task));
    const isOfTask = (name: string) => name.startsWith(`.${task}.`);
    for (const folder of ['results', 'metrics']) sweepFolder(this.#disk, folder, isOfTask);
    if (this.#options.renewing ?? true) this.#startRenewing();
    return { state: 'taken', number };
  }

  #startRenewing(): void {
    const milliseconds = (1000 * this.#leaseSeconds) / RENEWALS_A_LEASE;
    this.#timer ??= setInterval(() => this.#renewAll(), milliseconds).unref();
  }

  #stopRenewing(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A renewal that fails is made up for by the next; if none succeeds, others may take the task. */
  #renewAll(): void {
    this.#renewals++;
    for (const [task, { number }] of this.#held)
      attempt(() => renew(this.#claim(task), number, this.#renewals));
  }

  #finished(task: string): boolean {
    return this.#disk.exists(layout.result(task));
  }

  #claim(task: string): Ownable {
    return this.#disk.ownable(layout.claims(task));
  }
}

/** @throws DnaError `CLAIM_LOST` unless the claim with `number` is the task's. */
function requireClaim(claim: Ownable, { task, number }: { task: string; number: number }): void {
  const loss = lossOf(claim, number);
  if (loss) throw claimLost(task, loss);
}

/** Results, checkpoints and metrics of a run's tasks for the holder of some claims; `check` is made before each write too. */
export function claimedFiles(
  disk: Disk,
  parts: {
    readonly claims: Readonly<Record<string, number>>;
    readonly noticed: (text: string) => void;
    check(): void;
  },
): TaskFiles {
  const { claims, noticed } = parts;
  const all = Object.keys(claims);
  const check = (id: string) => {
    parts.check();
    if (all.length === 0) throw readOnly(disk.folder);
    // What is no task itself is committed beside those that are worked on.
    for (const task of id in claims ? [id] : all)
      requireClaim(disk.ownable(layout.claims(task)), { task, number: claims[task]! });
  };
  return new TaskFiles(disk, { noticed, check });
}

/** Tasks that some process works on, as far as can be seen from here. */
export function claimedNow(disk: Disk, observer: ProcessIdentity): string[] {
  return disk.list('claims').filter((task) => {
    try {
      return isTaskName(task) && claimantOf(disk, task, observer) !== undefined;
    } catch {
      return true;
    }
  });
}

/** Who works on a task; undefined for nobody, and where its process is known to have ended or to have lost the run. */
export function claimantOf(disk: Disk, task: string, observer: ProcessIdentity): Owner | undefined {
  const owner = currentOwner(disk.ownable(layout.claims(task)));
  if (!owner || isSuperseded(disk, owner)) return undefined;
  return processState(owner, observer) === 'gone' ? undefined : owner;
}

/** A claim that was made for the run's owner ends with it. */
function isSuperseded(disk: Disk, { run }: Owner): boolean {
  return run !== undefined && lossOf(disk.ownable(layout.lock), run) !== undefined;
}
