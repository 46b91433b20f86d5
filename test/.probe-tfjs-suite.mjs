import { execFileSync } from 'node:child_process';
if (process.argv[2]) {
  const { startTorchBackend } = await import('/work/main/dist/plugins/backend-torch/index.js');
  const { tf } = await import('/work/main/dist/nn/index.js');
  await startTorchBackend({ device: 'cpu' });
  const list = tf.getKernelsForBackend('torch');
  if (process.argv[2] === 'list') console.log(list.map((k) => k.kernelName).join('\n'));
  else try { list.find((k) => k.kernelName === process.argv[2]).kernelFunc({ inputs: {}, attrs: {}, backend: tf.backend() }); console.log('answers'); } catch (e) { console.log(String(e).slice(0, 100)); }
} else {
  for (const name of execFileSync('node', [process.argv[1], 'list'], { encoding: 'utf8' }).trim().split('\n')) {
    try { const out = execFileSync('node', [process.argv[1], name], { encoding: 'utf8', stdio: 'pipe' }); if (/answers|native/.test(out)) console.log(name, out); } catch (e) { console.log(name, e.signal, e.status, String(e.stderr).slice(0, 300)); }
  }
}
