// The distillation step with one teacher, by turns with PyTorch where it is there.
import { interleave, median, medianRatio } from '../../../bench/measure.mjs';
import { ownProgram, torchProgram, withFolder, withSides } from '../../../bench/torch/peers.mjs';
import { map, PATHS, prepare } from '../../../bench/torch/step-sides.mjs';
import { check, speed, told } from '../rows.mjs';

/** Of PyTorch's time. */
const MOST = 0.8;
const WARM_UP = 5;
const MOST_ROUNDS = 30;
const FAKE_ROUNDS = 2;
/** Compiling a teacher takes PyTorch a minute or two; it is begun only where so much is left. */
const COMPILE_SECONDS = 45;
/** Losses of bf16 on either side agree no better. */
const MOST_DIFFERENCE = 0.05;

/** Students in float32 and NCHW, the teacher in bf16: what has been PyTorch's fastest on a GPU. */
const PEERS = {
  eager: { 'teacher-precision': 'bfloat16', contiguous: true },
  compiled: { 'teacher-precision': 'bfloat16', contiguous: true, compile: true },
};

export function run({ peer, budget, ...request }) {
  if (peer.skipped) return withSides(programsAlone(request), (sides) => measure(sides, request, budget));
  return withFolder(undefined, async (folder) => {
    const common = { ...request, folder, python: peer.python };
    prepare(common);
    const eager = await withSides(programs(common, 'eager'), (sides) => measure(sides, common, budget));
    if (!budget.allows(COMPILE_SECONDS, `PyTorch with a compiled teacher, ${request.teacher}`)) return eager;
    const compiled = await withSides(programs(common, 'compiled'), (sides) => measure(sides, common, budget));
    return {
      rows: [...eager.rows, ...compiled.rows],
      data: { eager: eager.data, compiled: compiled.data },
    };
  });
}

/** Our side alone draws its own weights and images. */
function programsAlone({ teacher, batch, set }) {
  return { own: { program: ownProgram('own-step.mjs', { teacher, batch, set }) } };
}

function programs({ folder, teacher, batch, set, device, python }, name) {
  const peer = torchProgram(python, 'step.py', { folder, teacher, batch, device, ...PEERS[name] });
  return {
    own: { program: ownProgram('own-step.mjs', { folder, teacher, set }) },
    [name]: { program: peer },
  };
}

async function measure(sides, { teacher, batch, fake }, budget) {
  const step = (side) => (round) => side.ask({ do: 'step', path: round % PATHS.length, upload: true });
  const first = {};
  for (const [name, side] of Object.entries(sides)) {
    const warmUp = fake ? 1 : WARM_UP;
    for (let path = 0; path < warmUp; path++) {
      const { losses } = await step(side)(path);
      first[name] ??= losses;
    }
  }
  const runs = await roundsUntil(map(sides, step), { budget, most: fake ? FAKE_ROUNDS : MOST_ROUNDS });
  const { memory } = await sides.own.ask({ do: 'memory' });
  const rows = [ownRow(runs.own, { teacher, batch, memory, fake, losses: first.own })];
  for (const name of Object.keys(PEERS)) {
    if (runs[name]) rows.push(...peerRows(name, { runs, first, teacher, batch }));
  }
  return { rows, data: { batch, runs, memory, first } };
}

/** Rounds by turns until the time is over, two at least. */
async function roundsUntil(sides, { budget, most }) {
  // A half is left for PyTorch with a compiled teacher.
  const share = budget.left / 2;
  const runs = map(sides, () => []);
  for (let round = 0; round < most && (round < 2 || budget.left > share); round++) {
    const shifted = map(sides, (side) => () => side(round));
    const order = round % 2 ? Object.fromEntries(Object.entries(shifted).toReversed()) : shifted;
    const measured = await interleave(order, 1);
    for (const name of Object.keys(runs)) runs[name].push(...measured[name]);
  }
  return runs;
}

function ownRow(runs, { teacher, batch, memory, fake, losses }) {
  const what = `step with upload, ${teacher}, batch ${batch}, bf16`;
  if (fake) return check(what, runs.length > 0, { value: `${runs.length} steps` });
  const seconds = median(runs.map((run) => run.seconds));
  const value = `${timeText(seconds, batch)}, peak ${(memory.peak / 2 ** 30).toFixed(1)} GiB`;
  return losses.every(Number.isFinite)
    ? told(what, value)
    : check(what, false, { value: `losses ${losses}` });
}

function peerRows(name, { runs, first, teacher, batch }) {
  const ratio = medianRatio(runs.own, runs[name]);
  const seconds = median(runs[name].map((run) => run.seconds));
  const off = Math.max(...first.own.map((loss, block) => Math.abs(loss / first[name][block] - 1)));
  return [
    speed(`time against PyTorch (${name} teacher), ${teacher}`, -ratio, {
      ...{
        text: `${ratio.toFixed(2)} × of ${timeText(seconds, batch)}`,
        least: -MOST,
        wanted: `≤ ${MOST} ×`,
      },
    }),
    check(`first losses against PyTorch (${name} teacher), ${teacher}`, off <= MOST_DIFFERENCE, {
      ...{ value: `${(100 * off).toFixed(2)} % apart at most`, wanted: `≤ ${100 * MOST_DIFFERENCE} %` },
      detail: `${first.own} against ${first[name]}`,
    }),
  ];
}

function timeText(seconds, batch) {
  return `${(1000 * seconds).toFixed(1)} ms, ${(batch / seconds).toFixed(0)} images/s`;
}
