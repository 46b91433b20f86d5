import { existsSync, readdirSync } from 'node:fs';

/** Whether the machine has an NVIDIA GPU with its driver; in Windows' Linux the driver is Windows' own. */
export function hasGpu(): boolean {
  const devices = existsSync('/dev') ? readdirSync('/dev') : [];
  return devices.some((name) => /^nvidia\d+$/.test(name)) || existsSync('/usr/lib/wsl/lib/libcuda.so.1');
}
