// Networks of a truth that are scored without training each, and the tables that `dna audit` reads of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatScores, kendallTau, rankValues, readTruth } from 'dna-nas/audit';
import { resolveConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';

/** A preset's plugins, with its backend started. */
export async function openPreset(preset, set) {
  const config = await resolveConfig({ preset, set, configFile: false });
  const run = await applyPlugins(config, { project: process.cwd(), main: false });
  await (await run.resolve('resolveBackend', 'backend')).start({ workers: 1 });
  return run;
}

/** So many different networks of a truth, the same ones each time. */
export function drawNetworks(truth, space, count) {
  const { networks, accuracies } = readTruth(truth, space);
  const first = new Map(
    networks.map(({ text, architecture }, row) => [
      text,
      { text, architecture, accuracy: accuracies.accuracy[row] },
    ]),
  );
  const list = [...first.values()];
  const order = randomStream(0).fork('zero-cost').permutation(list.length).slice(0, count);
  return Array.from(order, (index) => list[index]);
}

/** Prints the tau of each score, of which higher is better, and writes its table into a folder, if there is one. */
export function tellScores(measured, names, folder) {
  for (const name of names) tellScore(measured, name, folder);
}

function tellScore(measured, name, folder) {
  const column = (key) => Float64Array.from(measured, (one) => one[key]);
  const rating = column(name).map((value) => -value);
  const scores = {
    rating,
    accuracy: column('accuracy'),
    seeds: [],
    costs: { macs: column('macs'), params: column('params'), depth: column('depth') },
  };
  const tau = kendallTau(rankValues(column(name)), rankValues(scores.accuracy));
  console.log(`${name}: tau ${tau.toFixed(3)} on ${measured.length} networks`);
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const architectures = measured.map(({ text }) => text);
  writeFileSync(
    join(folder, `${name}.csv`),
    formatScores({ scores, architectures, repeated: 0, unused: [] }, [name]),
  );
}
