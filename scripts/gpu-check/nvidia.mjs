// What the driver's own tool says of the GPUs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const FIELDS = {
  name: 'name',
  driver: 'driver_version',
  capability: 'compute_cap',
  memory: 'memory.total',
  used: 'memory.used',
  utilisation: 'utilization.gpu',
  clock: 'clocks.max.sm',
  power: 'power.limit',
};

/** The GPUs as text, as nvidia-smi has them (memory in MiB); none where it does not run. */
export function readGpus() {
  const query = `--query-gpu=${Object.values(FIELDS).join(',')}`;
  const { status, stdout } = spawnSync('nvidia-smi', [query, '--format=csv,noheader,nounits'], {
    encoding: 'utf8',
  });
  if (status !== 0) return [];
  const lines = stdout.trim().split('\n').filter(Boolean);
  return lines.map((line) => {
    const values = line.split(', ');
    return Object.fromEntries(Object.keys(FIELDS).map((field, index) => [field, values[index]]));
  });
}

/** Whether this machine has a GPU's device files; in Windows' Linux the driver is Windows' own. */
export function hasGpuDevice() {
  const devices = existsSync('/dev') ? readdirSync('/dev') : [];
  return devices.some((name) => /^nvidia\d+$/.test(name)) || existsSync('/usr/lib/wsl/lib/libcuda.so.1');
}
