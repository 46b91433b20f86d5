/** A program of its own: starts the installed backend on the device that it is given and multiplies two matrices. */
import { availableParallelism } from 'node:os';
import { requireExactProduct } from 'dna-nas/nn';
import { loadNative } from '../binding.js';
import { startTorchBackend } from '../start-torch-backend.js';

const [device = 'cpu'] = process.argv.slice(2);
await startTorchBackend({ device, threads: availableParallelism() });
await requireExactProduct();
process.stdout.write(`${JSON.stringify(loadNative().describe())}\n`);
