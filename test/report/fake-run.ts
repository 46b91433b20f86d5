import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHooks, type Plugin, type PluginRun } from 'dna-nas/core';
import type { RunSummary } from 'dna-nas/core/stages';
import type { ConsoleEnvironment } from 'dna-nas/plugins/report-console';
import { afterFile } from '../after-file.js';

/** A folder that goes when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-report-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function applied(plugin: Plugin): PluginRun {
  const resolve = () => Promise.reject(new Error('nothing to resolve'));
  const run = { hooks: createHooks(), seed: 1, project: '/nowhere', main: true, resolve };
  plugin.apply(run);
  return run;
}

/** A clock that only the test moves, with timers that it fires. */
export class FakeConsole implements ConsoleEnvironment {
  readonly columns: number;
  progressText = '';
  resultText = '';
  readonly exits = new Set<() => void>();
  readonly #timers = new Set<{ seconds: number; next: number; call: () => void }>();
  #now = 1000;

  constructor(
    readonly live: boolean,
    { columns = 80 } = {},
  ) {
    this.columns = columns;
  }

  readonly colour = false;
  readonly progress = {
    write: (text: string) => {
      this.progressText += text;
    },
    columns: undefined as number | undefined,
  };
  readonly result = {
    write: (text: string) => {
      this.resultText += text;
    },
  };

  now = () => this.#now;

  every(seconds: number, call: () => void): () => void {
    const timer = { seconds, next: this.#now + seconds, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  onExit(call: () => void): () => void {
    this.exits.add(call);
    return () => this.exits.delete(call);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, firing timers in order. */
  pass(seconds: number): void {
    const end = this.#now + seconds;
    for (;;) {
      const due = [...this.#timers].filter(({ next }) => next <= end).sort((a, b) => a.next - b.next)[0];
      if (!due) break;
      this.#now = due.next;
      due.next += due.seconds;
      due.call();
    }
    this.#now = end;
  }
}

export const SUMMARY: RunSummary = {
  preset: 'quickstart',
  seed: 1,
  backend: 'wasm',
  seconds: 271.6,
  architecture: 'b1:c0[k3-e6,k5-e3] b2:c1[k5-e6,k3-e3]',
  rating: 0.123_412_3,
  networks: [
    { name: 'teacher', params: 1_204_106, macs: 21_300_000, top1: 0.9213 },
    { name: 'found', params: 96_202, macs: 1_612_000, top1: 0.8951 },
    { name: 'random', params: 97_310, macs: 1_600_400, top1: 0.879 },
  ],
  stages: { distill: 83.2, rank: 21.7, search: 0.1, retrain: 160.2 },
};

export function writeSearch(folder: string, search: unknown): void {
  writeFileSync(join(folder, 'search.json'), JSON.stringify(search));
}
