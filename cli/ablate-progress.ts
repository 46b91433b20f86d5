import type { GridPlacement, PointAt } from 'dna-nas/ablation';
import type { RunEvent } from 'dna-nas/core/run';
import type { SharedTasks } from 'dna-nas/run-tools';

/** Milliseconds between two lines of the same stage of a point. */
const INTERVAL = 30_000;

/** How far a point is. */
interface PointProgress {
  stage: string;
  work: number;
  done: number;
  /** When a line of it was told. */
  said: number;
}

/** What is told of a grid while its runs go on, a line at a time. */
export class AblateProgress {
  readonly #say: (line: string) => void;
  /** By the points' numbers. */
  readonly #points = new Map<number, PointProgress>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  placed({ points, together, workers }: GridPlacement): void {
    const shared = workers === undefined ? '' : `, which share ${workers} workers`;
    const order = together === 1 ? 'one after the other' : `up to ${together} at the same time${shared}`;
    this.#say(`${points} ${points === 1 ? 'run' : 'runs'}, ${order}`);
  }

  began(at: PointAt, shared: SharedTasks | undefined): void {
    const taken = shared ? `, with ${shared.taken.length} finished tasks of ${shared.from}` : '';
    this.#tell(at, `begins${taken}`);
  }

  event({ event, data }: RunEvent, at: PointAt): void {
    const point = this.#of(at);
    if (event === 'stageStarted') {
      Object.assign(point, { stage: data.stage, work: data.work, done: 0 });
      if (data.work > 0) this.#tell(at, `${data.stage}: ${data.description}`);
    }
    if (event !== 'workDone' || data.stage !== point.stage) return;
    point.done += data.work;
    const { stage, work, done, said } = point;
    if (Date.now() - said >= INTERVAL)
      this.#tell(at, `${stage}: ${Math.min(99, Math.floor((100 * done) / work))} %`);
  }

  failed({ message }: Error, at: PointAt): void {
    this.#tell(at, `failed: ${message}`);
  }

  #of({ number }: PointAt): PointProgress {
    const point = this.#points.get(number) ?? { stage: '', work: 0, done: 0, said: 0 };
    this.#points.set(number, point);
    return point;
  }

  #tell(at: PointAt, what: string): void {
    this.#of(at).said = Date.now();
    this.#say(`${at.number}/${at.all}  ${at.text}: ${what}`);
  }
}
