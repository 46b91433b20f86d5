// The joint schedule against one block after the other, one worker: node bench/schedules.mjs [--json]
import { median, medianRatio, runAlone } from './measure.mjs';
import { compareDistillations, resultsHash, share } from './quickstart-project.mjs';

/** Measures what one teacher pass for all blocks saves against one pass a block, for the same weights. */
export function benchSchedules() {
  const sides = { joint: 'distill.schedule=joint', perBlock: 'distill.schedule=per-block' };
  return compareDistillations({ bench: 'schedules', epochs: 0.05, sides, figures });
}

function figures({ joint, perBlock }) {
  const seconds = (runs) => median(runs.map((run) => run.seconds)).toFixed(1);
  const teacher = (runs) => median(runs.map((run) => share(run, 'distill.teacher', 1)));
  const passes = (run) => ({ seconds: run.ledger['distill.teacher'] });
  const hashes = new Set([...joint, ...perBlock].map(resultsHash));
  return [
    {
      what: 'distillation, joint schedule: time against per-block',
      value: medianRatio(joint, perBlock),
      unit: '×',
      detail: `${seconds(joint)} s joint, ${seconds(perBlock)} s per-block`,
    },
    { what: "joint: the teacher's share of the time", value: teacher(joint), unit: '%' },
    { what: "per-block: the teacher's share of the time", value: teacher(perBlock), unit: '%' },
    {
      what: "the teacher's time, joint against per-block",
      value: medianRatio(joint.map(passes), perBlock.map(passes)),
      unit: '×',
    },
    {
      what: 'same weights with both schedules',
      value: hashes.size === 1,
      unit: '',
      target: { exactly: true },
    },
  ];
}

await runAlone(import.meta.url, benchSchedules);
