// Faults that change nothing that a run promises, looked at one by one: they are not drawn. `line` is the line of the
// compiled module, `from` becomes `to` in it.

/** Threads look again by themselves after 20 milliseconds. */
const WOKEN = 'a thread that waits wakes a moment later';

export const EQUIVALENTS = [
  { file: 'plugins/distill/feature-ring.js', line: 'this.#changed();', to: ';', why: WOKEN },
  {
    file: 'plugins/distill/strategies/best-candidates.js',
    line: 'return a < b ? -1 : 1;',
    from: '1',
    to: '2',
    why: 'an order is told by the sign alone',
  },
  {
    file: 'plugins/distill/train-cells.js',
    line: 'return Math.min(...this.#trainers.map((trainer) => this.#phaseOf(trainer) * this.#plan.steps + trainer.step));',
    from: '*',
    to: '/',
    why: 'steps that all cells have behind them are gone through, and none is due',
  },
  {
    file: 'plugins/distill/forecast.js',
    line: 'const round = rounds === 1 ? 0 : input.block;',
    from: '0',
    to: '1',
    why: 'any key holds all tasks of a single round',
  },
  {
    file: 'plugins/distill/forecast.js',
    line: 'longest.set(round, Math.max(longest.get(round) ?? 0, work));',
    from: '0',
    to: '1',
    why: 'a task has more work than that',
  },
  {
    file: 'plugins/distill/distill-stage.js',
    line: 'if (bundles.length < 2)',
    to: 'false',
    why: 'a thread alone passes features through shared memory, to the same bits, and takes longer',
  },
  {
    file: 'plugins/distill/train-cells.js',
    line: 'const TRIED_STEPS = 8;',
    to: '9',
    why: 'a batch is tried with one path more',
  },
  { file: 'plugins/distill/feature-ring.js', line: 'const WAIT_MILLISECONDS = 20;', to: '21', why: WOKEN },
  {
    file: 'plugins/rank-candidates/walk-progress.js',
    line: 'if (done > this.#told)',
    from: '>',
    to: '>=',
    why: 'work of nothing is told',
  },
  {
    file: 'plugins/rank-candidates/rank-stage.js',
    line: 'return { plain: cells * batch * plain, ...(calibration > 0 && { distill: cells * batch * calibration }) };',
    from: '>',
    to: '>=',
    why: 'no image of a kind is told',
  },
  {
    file: 'plugins/search-exact/dominated-grid.js',
    line: 'this.#margin = margins[0];',
    to: ';',
    why: 'the grid finds none that is dominated, and the search takes longer',
  },
  {
    file: 'plugins/search-exact/dominance-layers.js',
    line: 'if (value < smallest || (rival < 0 && value === smallest)) {',
    from: '0',
    to: '1',
    why: 'another rival of the same cost is asked, and a label that it does not beat is kept',
  },
  {
    file: 'plugins/retrain-scratch/train-step.js',
    line: 'if (part > 0 && training.context.shouldStop()) {',
    from: '>',
    to: '>=',
    why: 'a stop is heard a part earlier',
  },
  {
    file: 'plugins/retrain-scratch/rehearse.js',
    line: 'const labels = Int32Array.from({ length: count }, (_, index) => index % data.classes);',
    from: '%',
    to: '*',
    why: 'labels of images that nothing is learnt from',
  },
  {
    file: 'plugins/supernet-multi-cell/multi-cell.js',
    line: 'if (!tensors) {',
    to: 'true',
    why: 'the same tensors are looked for each time, which takes longer',
  },
  {
    file: 'plugins/data-imagenet/jpeg-markers.js',
    line: 'if (at + 2 > bytes.length)',
    from: '+',
    to: '-',
    why: 'what lies behind the end is no number, and ends no segment',
  },
  {
    file: 'plugins/rank-candidates/block-features.js',
    line: 'if (own)',
    to: 'true',
    why: 'nothing is disposed of where there is nothing',
  },
  {
    file: 'plugins/distill/train-cells.js',
    line: '...(context.shared && { depth: 0 }),',
    to: '||',
    why: 'threads read ahead what another reads, too, which takes longer',
  },
  {
    file: 'plugins/distill/train-cells.js',
    line: 'if (performance.now() > end)',
    from: '>',
    to: '>=',
    why: 'a trial ends within the same millisecond',
  },
  {
    file: 'plugins/distill/feature-source.js',
    line: 'if (shares === 1)',
    to: 'false',
    why: 'the only share is split off and put back, which takes longer',
  },
];

/** Why a fault is left out, or undefined; `text` is the whole module's. */
export function reasonToLeave({ file, text, start, end, to }) {
  const line = text.slice(text.lastIndexOf('\n', start) + 1, text.indexOf('\n', end)).trim();
  const from = text.slice(start, end);
  return EQUIVALENTS.find(
    (one) => one.file === file && one.line === line && one.to === to && (one.from ?? from) === from,
  )?.why;
}
