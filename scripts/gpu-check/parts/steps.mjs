// The distillation step of EfficientNet-B0 and B7, images uploaded, by turns with PyTorch where it is there.
import { findPeer } from '../../../bench/torch/peers.mjs';
import { settingsOf } from '../device.mjs';
import { readGpus } from '../nvidia.mjs';
import { check, skipped } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

/** Each in a process of its own, so that one that takes too long does not take the other along. */
const TEACHERS = [
  { teacher: 'efficientnet_b0', share: 0.4 },
  { teacher: 'efficientnet_b7', share: 0.6 },
];
const FAKE_BATCH = 2;

export async function run({ device, fake, batch, budget }) {
  const set = settingsOf({ device, precision: 'bf16' });
  const peer = fake ? { skipped: 'it needs computed numbers' } : await findPeer({ set });
  const [rows, cuts, data] = [[], [], {}];
  for (const { teacher, share } of TEACHERS) {
    const images = fake ? FAKE_BATCH : batch || fittingBatch();
    const request = { device, fake, set, teacher, peer, batch: images, seconds: budget.seconds * share };
    const { result, failure } = await runModule('./programs/step.mjs', request);
    const failed = check(`step, ${teacher}`, false, { value: failure, detail: failure });
    rows.push(...(result?.rows ?? [failed]));
    cuts.push(...(result?.cuts ?? []));
    data[teacher] = result?.data;
  }
  if (peer.skipped) rows.push(skipped('against PyTorch', peer.skipped));
  return { rows, cuts, data };
}

/** Images that PyTorch, which needs more, has memory for too. */
function fittingBatch() {
  const [gpu] = readGpus();
  const gibibytes = Number(gpu?.memory ?? 0) / 1024;
  return [256, 128, 64].find((batch) => gibibytes >= 0.27 * batch) ?? 32;
}
