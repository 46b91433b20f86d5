// The joint schedule against one block after the other, one worker: node bench/schedules.mjs [--json]
import { interleave, median, medianRatio, runAlone } from './measure.mjs';
import { QuickstartProject, resultsHash, share, withoutFolders } from './quickstart-project.mjs';

const EPOCHS = 0.05;
const PAIRS = 2;

/** Measures what one teacher pass for all blocks saves against one pass a block, for the same weights. */
export async function benchSchedules() {
  const project = await QuickstartProject.open();
  try {
    const side = (schedule) => () =>
      project.run({ until: 'distill', set: [`distill.epochs=${EPOCHS}`, `distill.schedule=${schedule}`] });
    const measured = await interleave({ joint: side('joint'), perBlock: side('per-block') }, PAIRS);
    const { teacher } = project;
    return {
      bench: 'schedules',
      epochs: EPOCHS,
      teacher,
      figures: figures(measured),
      runs: withoutFolders(measured),
    };
  } finally {
    project.close();
  }
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
