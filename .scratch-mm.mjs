import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { tf } from 'dna-nas/nn';
await startTorchBackend({threads: Number(process.argv[2] ?? 1)});
const best = (f,n=30) => { let m=1e9; for(let i=0;i<n;i++){const t=performance.now(); tf.dispose(f()); m=Math.min(m,performance.now()-t);} return m;};
const R=(n)=>Float32Array.from({length:n},(_, i)=>Math.sin(i));
for (const [b,h,k,n] of [[16,112,16,96],[16,56,24,144],[16,28,40,240],[16,14,112,672],[16,7,192,1152],[16,56,144,24],[16,14,672,112]]) {
  const m=b*h*h; const a=tf.tensor2d(R(m*k),[m,k]), w=tf.tensor2d(R(k*n),[k,n]), dy=tf.tensor2d(R(m*n),[m,n]);
  const x4=tf.reshape(a,[b,h,h,k]), w4=tf.reshape(w,[1,1,k,n]);
  const run=(name,inputs,attrs)=>tf.engine().runKernel(name,inputs,attrs);
  const g=2*m*k*n/1e6; const f=x=>`${x.toFixed(2)} (${(g/x).toFixed(0)})`; const at={strides:[1,1],padding:[0,0,0,0],dilations:[1,1]};
  console.log([b,h,k,n].join().padEnd(16),'flat',f(best(()=>run('DnaMatMul',{a,b:w}))),'4d',f(best(()=>run('DnaConv2d',{x:x4,filter:w4},at))),'dA',f(best(()=>run('DnaMatMulGradA',{dy,b:w}))),'dB',f(best(()=>run('DnaMatMulGradB',{a,dy}))),'mm',f(best(()=>run('BatchMatMul',{a,b:w},{transposeA:false,transposeB:false}))));
}
