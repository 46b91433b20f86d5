// Reads a file of weights as a teacher is read, in a process of its own, and prints as JSON what came of it: how many
// names and how many distinct values there are, or the code of the refusal; and the most memory that the process held.
import { readFileSync } from 'node:fs';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { readTorchState, torchFormat, torchStateDict } from 'dna-nas/nn/weights';
import { peakMegabytes } from '../../scripts/peak-memory.mjs';

const bytes = readFileSync(process.argv[2]);
let found;
try {
  const state = torchFormat(bytes)
    ? torchStateDict(readTorchState(bytes))
    : toStateDict(readSafetensors(bytes));
  const values = new Set([...state.values()].map(({ data }) => data));
  found = { names: state.size, values: values.size };
} catch (error) {
  found = { refused: error.code };
}
const megabytes = peakMegabytes();
console.log(JSON.stringify({ ...found, megabytes }));
