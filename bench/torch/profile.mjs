// Where the time of a backend goes: seconds by kernel, and what is left for JavaScript.
import { tf } from 'dna-nas/nn';

/** Calls of the backend itself that take time, told beside the kernels. */
const BACKEND_CALLS = ['write', 'readSync', 'disposeData'];

/** An optimiser's step has hundreds of inputs. */
const MOST_SHAPES = 6;

/** Wraps all kernels of the current backend; from then on counts what `measure` runs. */
export class Profile {
  #entries = new Map();
  /** Seconds of calls within the call at work, for each call that is open. */
  #open = [];
  #shapes;

  /** @param {{ shapes?: boolean }} options whether calls are told apart by the shapes of their inputs */
  constructor({ shapes = false } = {}) {
    this.#shapes = shapes;
    for (const kernel of tf.getKernelsForBackend(tf.getBackend())) {
      const run = kernel.kernelFunc;
      kernel.kernelFunc = (call) =>
        this.#timed(this.#name(kernel.kernelName, call.inputs), () => run.call(kernel, call));
    }
    const backend = tf.backend();
    for (const name of BACKEND_CALLS) {
      const run = backend[name];
      backend[name] = (...words) => this.#timed(name, () => run.apply(backend, words));
    }
  }

  /** Runs an action some times. Returns milliseconds of one time, in all and by kernel, the longest first. */
  async measure(action, times) {
    this.#entries.clear();
    const began = performance.now();
    for (let index = 0; index < times; index++) await action(index);
    const total = (performance.now() - began) / times;
    const kernels = [...this.#entries]
      .map(([name, { calls, milliseconds }]) => ({
        name,
        calls: calls / times,
        milliseconds: milliseconds / times,
      }))
      .toSorted((a, b) => b.milliseconds - a.milliseconds);
    const javascript = total - kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return { total, javascript, kernels };
  }

  /** A kernel that calls others is booked without them. */
  #timed(name, run) {
    const began = performance.now();
    this.#open.push(0);
    try {
      return run();
    } finally {
      const spent = performance.now() - began;
      const own = spent - this.#open.pop();
      if (this.#open.length > 0) this.#open[this.#open.length - 1] += spent;
      const entry = this.#entries.get(name) ?? { calls: 0, milliseconds: 0 };
      this.#entries.set(name, { calls: entry.calls + 1, milliseconds: entry.milliseconds + own });
    }
  }

  #name(kernel, inputs) {
    if (!this.#shapes) return kernel;
    const shapes = Object.values(inputs).map((input) => (input?.shape ? input.shape.join('×') || '1' : '-'));
    const more = shapes.length > MOST_SHAPES ? ` and ${shapes.length - MOST_SHAPES} more` : '';
    return `${kernel} ${shapes.slice(0, MOST_SHAPES).join(' ')}${more}`;
  }
}

/** A profile as a table. */
export function profileTable({ total, javascript, kernels }) {
  const rows = [...kernels, { name: '(JavaScript between them)', calls: 0, milliseconds: javascript }];
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, calls, milliseconds }) =>
    [
      name.padEnd(width),
      calls ? calls.toFixed(1).padStart(8) : ' '.repeat(8),
      milliseconds.toFixed(2).padStart(9),
      `${((100 * milliseconds) / total).toFixed(1)} %`.padStart(8),
    ].join(' '),
  );
  const head = `${'kernel'.padEnd(width)} ${'calls'.padStart(8)} ${'ms'.padStart(9)} ${'share'.padStart(8)}`;
  return [head, ...lines, `${'all'.padEnd(width)} ${' '.repeat(8)} ${total.toFixed(2).padStart(9)}`].join(
    '\n',
  );
}
