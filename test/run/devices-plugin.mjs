// A backend with the devices of DNA_TEST_DEVICES, which all compute as wasm does; those of DNA_TEST_OTHER_BITS say that
// they do not. Each start writes its device, and the cores that its thread may use, into DNA_TEST_PLACES.
import { appendFileSync, readFileSync } from 'node:fs';
import { builtInBackend } from 'dna-nas/configuration';
import { definePlugin } from 'dna-nas/core';

const numbers = (name) => (process.env[name] ?? '').split(',').filter(Boolean).map(Number);

export default definePlugin({
  name: 'devices',
  description: 'WebAssembly on devices that are told by their numbers alone.',
  module: import.meta.url,
  apply(run) {
    run.hooks.resolveBackend.tap('devices', () => ({
      name: 'wasm',
      devices: () => numbers('DNA_TEST_DEVICES'),
      async start(place) {
        const status = readFileSync('/proc/thread-self/status', 'utf8');
        const [, cores] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status);
        appendFileSync(process.env.DNA_TEST_PLACES, `device ${place.device ?? 'none'}, cores ${cores}\n`);
        const described = await (await builtInBackend('wasm')).start(place);
        const other = numbers('DNA_TEST_OTHER_BITS').includes(place.device);
        return { ...described, numerics: other ? 'others' : described.numerics };
      },
    }));
  },
});
