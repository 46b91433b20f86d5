import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

/** A program that starts the backend and multiplies; `post` gets the result. */
const PROGRAM = `
  import { tf } from 'dna-nas/nn';
  import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
  await startWasmBackend();
  const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const result = [tf.getBackend(), ...tf.engine().runKernel('DnaMatMul', { a, b: a }).dataSync()].join();
`;

function asDataUrl(program: string): string {
  const base = JSON.stringify(import.meta.url);
  const absolute = program.replace(
    /from '([^']+)'/g,
    (_, name: string) => `from '${import.meta.resolve(name)}'`,
  );
  return `data:text/javascript,${encodeURIComponent(`/* from ${base} */${absolute}`)}`;
}

it('works in a worker thread', async () => {
  const program = `${PROGRAM} import { parentPort } from 'node:worker_threads'; parentPort.postMessage(result);`;
  const worker = new Worker(new URL(asDataUrl(program)));
  const result = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(result).toBe('wasm,7,10,15,22');
});

it('refuses a name that other code has registered, and says which', () => {
  const program = `
    import { tf } from 'dna-nas/nn';
    import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
    tf.registerKernel({ kernelName: 'DnaMatMul', backendName: 'wasm', kernelFunc: () => [] });
    await startWasmBackend().then(() => console.log('started'), (error) => console.log(error.message));
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stdout).toContain(
    'The kernel "DnaMatMul" is already registered for the wasm backend by other code.',
  );
});
