import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { afterAll, expect, it } from 'vitest';
import { describeCuda } from './installed.js';

const folder = mkdtempSync(join(tmpdir(), 'dna-cuda-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a start prints in a process of its own, on both streams. */
function started(options: object, environment: Record<string, string> = {}): string {
  const program = `
    import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
    try { await startCudaBackend(${JSON.stringify(options)}); console.log('started'); }
    catch (error) { console.log(error.code + '\\n' + error.message + '\\n' + error.hint); }`;
  const words = ['-c', `exec "$0" --input-type=module -e "$1" 2>&1`, process.execPath, program];
  const env = { ...process.env, ...environment };
  return execFileSync('/bin/sh', words, { encoding: 'utf8', env }).trim();
}

it('says how to install what is not there', () => {
  expect(started({}, { DNA_BACKENDS: folder })).toMatchInlineSnapshot(`
    "BACKEND_NOT_INSTALLED
    The cuda backend is not installed on this machine.
    Run \`dna backend install cuda\`, or choose another: --set backend=wasm."
  `);
});

describeCuda('a start', () => {
  it('refuses a precision that the CPU does not have', () => {
    expect(started({ device: 'cpu', precision: 'tf32' })).toMatchInlineSnapshot(`
      "PRECISION_NOT_OFFERED
      The cuda backend has no tf32 on the CPU: it is a way in which GPUs multiply.
      Choose --set backend.precision=float32."
    `);
  });

  it('refuses a GPU that is not there', () => {
    expect(started({ device: 'cuda:99' })).toMatch(/^DEVICE_MISSING\nTensorFlow finds no GPU .*"cuda:99"/);
  });

  it('keeps TensorFlow’s words off the terminal, unless they are asked for', () => {
    expect(started({ device: 'cpu' })).toBe('started');
    expect(started({ device: 'cpu', log: true })).toMatch(/oneDNN[\s\S]*started$/);
  });

  it('makes the backend tfjs’s current one, on our own tfjs-core', async () => {
    const backend = await startCudaBackend({ device: 'cpu' });
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.backend()).toBe(backend);
    expect(await startCudaBackend()).toBe(backend);
  });

  it('reads values at once and later, and moves them from another backend', async () => {
    await startCpuBackend();
    const x = tf.tensor1d([1, 2, 3]);
    await startCudaBackend();
    const y = tf.mul(x, 2);
    expect([...y.dataSync()]).toEqual([2, 4, 6]);
    expect([...(await y.data())]).toEqual([2, 4, 6]);
  });

  it('keeps a number that ops meet on the device, and not without end', async () => {
    const backend = await startCudaBackend();
    const tensors = (body: () => void) => {
      const before = backend.binding.getNumOfTensors();
      tf.tidy(body);
      return backend.binding.getNumOfTensors() - before;
    };
    const x = tf.ones([4]);
    const scaled = (value: number) => void tf.mul(x, value).dataSync();
    tensors(() => scaled(0.5));
    expect(tensors(() => scaled(0.5))).toBe(0);
    expect(tensors(() => scaled(0.25))).toBe(1);
    const many = tensors(() => {
      for (let index = 0; index < 3000; index++) tf.tidy(() => scaled(index));
    });
    expect(many).toBeLessThan(1100);
    expect([...tf.mul(x, 0.5).dataSync()]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});
