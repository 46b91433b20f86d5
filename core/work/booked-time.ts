import type { Task, TaskEvents } from '../stages/index.js';

/** Where a thread is, and for which stage it works. */
interface Booking {
  readonly stage: Task['stage'];
  /** As `placeName` says it. */
  readonly device: string | undefined;
}

/** Books the time of a thread on its stage and device: what tasks tell of, and as `tasks` all of it. */
export async function booked(
  { events, stage, device }: Booking & { readonly events: TaskEvents },
  work: (events: TaskEvents) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const spend = (on: string, seconds: number) => events.timeSpent(on, seconds, device);
  try {
    await work({
      ...events,
      timeSpent: (on, seconds) => spend(on === 'checkpoint' ? `${stage}.checkpoint` : on, seconds),
    });
  } finally {
    spend(`${stage}.tasks`, (performance.now() - began) / 1000);
  }
}

/** Sums seconds by device, and by what they were spent on. */
export class Ledger {
  readonly #devices = new Map<string, Map<string, number>>();

  add(on: string, seconds: number, device = ''): void {
    const spent = this.#devices.get(device) ?? new Map<string, number>();
    this.#devices.set(device, spent.set(on, (spent.get(on) ?? 0) + seconds));
  }

  get isEmpty(): boolean {
    return this.#devices.size === 0;
  }

  /** Of all devices. */
  get seconds(): Record<string, number> {
    const sums = new Ledger();
    for (const spent of this.#devices.values()) for (const [on, seconds] of spent) sums.add(on, seconds);
    return sums.devices[''] ?? {};
  }

  get devices(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#devices].map(([device, spent]) => [device, Object.fromEntries(spent)]),
    );
  }

  clear(): void {
    this.#devices.clear();
  }
}
