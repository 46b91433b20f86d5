// The GPU and its driver, as the driver's own tool tells them.
import { readGpus } from '../nvidia.mjs';
import { check, skipped, told } from '../rows.mjs';

/** What libtorch is built for: CUDA 13 wants this driver, and our kernels this capability. */
const DRIVER = 580;
const CAPABILITY = 7.5;
/** Of the card's memory: more is held by someone else, who disturbs figures of speed. */
const MOST_IN_USE = 0.05;

export function run({ device, fake }) {
  if (device === 'cpu') return { rows: [skipped('GPU and driver', 'the check runs on the CPU')] };
  if (fake) return { rows: [skipped('GPU and driver', 'the fake runtime has no driver’s tool')] };
  const gpus = readGpus();
  const rows = gpus.flatMap((gpu, index) => rowsOf(gpu, index));
  return {
    rows: [check('nvidia-smi finds a GPU', gpus.length > 0, { value: `${gpus.length}` }), ...rows],
    data: { gpus },
  };
}

function rowsOf(gpu, index) {
  const { name, driver, capability, memory, used, clock, power } = gpu;
  const inUse = Number(used) / Number(memory);
  return [
    told(`GPU ${index}`, `${name}, ${memory} MiB, ${clock} MHz at most, ${power} W`),
    check(`driver of GPU ${index}`, Number.parseInt(driver, 10) >= DRIVER, {
      value: driver,
      wanted: `≥ ${DRIVER}`,
    }),
    check(`compute capability of GPU ${index}`, Number(capability) >= CAPABILITY, {
      value: capability,
      wanted: `≥ ${CAPABILITY}`,
    }),
    ...(inUse > MOST_IN_USE
      ? [told(`GPU ${index} is in use by others`, `${used} MiB: speeds are provisional`)]
      : []),
  ];
}
