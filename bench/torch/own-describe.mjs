// Tells what backend a run would have, and on which libtorch: a process of its own, as a backend stays loaded.
import { serve } from './child.mjs';
import { openRun, readOwnOptions, torchVersion } from './open-run.mjs';

await serve(async () => {
  const { backend } = await openRun({ backend: 'torch' }, readOwnOptions());
  return { describe: () => ({ ...backend, torch: torchVersion() }) };
});
