import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import { storedConfig } from 'dna-nas/core/config';
import { readSummary } from 'dna-nas/core/run';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { applyPagePlugin } from '../report/page-plugin.js';
import { runSoFar } from '../report/run-so-far.js';
import { listTasks } from '../runs/list-tasks.js';

/** A run's page as of now. */
export interface PageNow {
  readonly text: string;
  readonly complete: boolean;
  /** How far the run is, one line. */
  readonly state: string;
}

/** Draws the page of a run's folder again when something in it has changed. Writes nothing there. */
export class PageReader {
  readonly #folder: AttachedRunFolder;
  readonly #run: PluginRun;
  readonly #temporary: string;
  #seen = '';

  private constructor(folder: AttachedRunFolder, run: PluginRun) {
    this.#folder = folder;
    this.#run = run;
    this.#temporary = mkdtempSync(join(tmpdir(), 'dna-live-'));
  }

  /** @throws DnaError `RUN_NOT_FOUND`, `RUN_FORMAT`. */
  static async open(path: string): Promise<PageReader> {
    const folder = attachRunFolder(path);
    return new PageReader(folder, await applyPagePlugin(folder));
  }

  /** Undefined where nothing has changed since the last call. */
  async read(): Promise<PageNow | undefined> {
    const now = this.#changes();
    if (now === this.#seen) return undefined;
    const outcome = readSummary(this.#folder);
    const complete = outcome !== undefined;
    const summary = outcome ?? runSoFar(this.#folder, storedConfig(this.#folder.readJson('config')));
    const page = join(this.#temporary, 'report.html');
    await this.#run.hooks.reportAsked.promise({ summary, folder: this.#folder.path, complete, page });
    this.#seen = now;
    return { text: readFileSync(page, 'utf8'), complete, state: complete ? 'complete' : this.#state() };
  }

  close(): void {
    rmSync(this.#temporary, { recursive: true, force: true });
  }

  /** Names, sizes and times of what a page is made of. */
  #changes(): string {
    return ['.', 'tasks', 'results', 'metrics']
      .flatMap((name) => entriesOf(join(this.#folder.path, name)))
      .filter((entry) => !entry.startsWith('report.html'))
      .join('\n');
  }

  #state(): string {
    const { tasks } = listTasks(this.#folder.path);
    const stages = [...new Set(tasks.map(({ stage }) => stage))];
    const words = stages.map((stage) => {
      const own = tasks.filter((task) => task.stage === stage);
      return `${stage} ${own.filter(({ state }) => state === 'finished').length}/${own.length}`;
    });
    return words.length > 0 ? `tasks: ${words.join(', ')}` : 'no tasks yet';
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        return `${name} ${size} ${mtimeMs}`;
      });
  } catch (error) {
    // A folder that is not there yet, or a file that has just been replaced: the next look sees it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
