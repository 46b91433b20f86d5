import type { PointAt } from 'dna-nas/ablation';
import type { RunEvent } from 'dna-nas/core/run';
import type { SharedTasks } from 'dna-nas/run-tools';

/** Milliseconds between two lines of the same stage. */
const INTERVAL = 30_000;

/** What is told of a grid while its runs go on, a line at a time. */
export class AblateProgress {
  readonly #say: (line: string) => void;
  #stage = { name: '', work: 0, done: 0 };
  #said = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  began(at: PointAt, shared: SharedTasks | undefined): void {
    const taken = shared ? `, with ${shared.taken.length} finished tasks of ${shared.from}` : '';
    this.#tell(at, `begins${taken}`);
  }

  event({ event, data }: RunEvent, at: PointAt): void {
    if (event === 'stageStarted') {
      this.#stage = { name: data.stage, work: data.work, done: 0 };
      if (data.work > 0) this.#tell(at, `${data.stage}: ${data.description}`);
    }
    if (event !== 'workDone' || data.stage !== this.#stage.name) return;
    this.#stage.done += data.work;
    const { name, work, done } = this.#stage;
    if (Date.now() - this.#said >= INTERVAL)
      this.#tell(at, `${name}: ${Math.min(99, Math.floor((100 * done) / work))} %`);
  }

  #tell({ number, all, text }: PointAt, what: string): void {
    this.#said = Date.now();
    this.#say(`${number}/${all}  ${text}: ${what}`);
  }
}
