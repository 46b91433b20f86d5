import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { afterAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';

const folder = mkdtempSync(join(tmpdir(), 'dna-torch-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a start that fails prints. */
function failedStart(options: object, environment: Record<string, string> = {}): string {
  const program = `
    import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
    try { await startTorchBackend(${JSON.stringify(options)}); console.log('started'); }
    catch (error) { console.log(error.code + '\\n' + error.message + '\\n' + error.hint); }`;
  const env = { ...process.env, ...environment };
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env,
  }).trim();
}

it('says how to install what is not there', () => {
  expect(failedStart({}, { DNA_BACKENDS: folder })).toMatchInlineSnapshot(`
    "BACKEND_NOT_INSTALLED
    The torch backend is not installed on this machine.
    Run \`dna backend install torch\`, or choose another: --set backend=wasm."
  `);
});

describeTorch('a start', () => {
  it('refuses a precision that the CPU does not have', () => {
    expect(failedStart({ device: 'cpu', precision: 'tf32' })).toMatchInlineSnapshot(`
      "PRECISION_NOT_OFFERED
      The torch backend has no tf32 on the cpu: it is a way in which GPUs multiply.
      Choose --set backend.precision=float32 or bf16."
    `);
  });

  it('refuses a GPU that is not there', () => {
    expect(failedStart({ device: 'cuda:99' })).toMatch(
      /^DEVICE_MISSING\nThe torch backend (finds|is installed without CUDA).*; "cuda:99" was asked for\.\n/,
    );
  });

  it('makes the backend tfjs’s current one, with what it was asked for', async () => {
    const backend = await startTorchBackend({ device: 'cpu', threads: 1 });
    expect(tf.getBackend()).toBe('torch');
    expect(backend.settings).toEqual({ device: 'cpu', precision: 'float32', deterministic: false });
    expect(backend.native.describe()).toMatchObject({ threads: 1 });
    expect(await startTorchBackend()).toBe(backend);
  });

  it('reads values at once and later, and moves them from another backend', async () => {
    const { startCpuBackend } = await import('dna-nas/plugins/backend-cpu');
    await startCpuBackend();
    const x = tf.tensor1d([1, 2, 3]);
    await startTorchBackend();
    const y = tf.mul(x, 2);
    expect([...y.dataSync()]).toEqual([2, 4, 6]);
    expect([...(await y.data())]).toEqual([2, 4, 6]);
  });
});
