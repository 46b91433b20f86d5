import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Architecture, SearchSpace } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { addCosts } from 'dna-nas/core/space';
import { type LatencyTable, latenciesOf, listLayers, type OpenedSpace } from 'dna-nas/latency';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { listen } from '../backend-install/listen.js';
import { everyNetwork, hashes } from '../cli/every-network.js';
import { output } from '../cli/output.js';
import { RUN, ratedRun } from './rated-run.js';

let project: string;
let space: OpenedSpace;

beforeAll(async () => {
  ({ project, space } = await ratedRun());
});

const choices = ({ blocks }: SearchSpace, block: number) =>
  blocks[block]!.cells.flatMap(({ layers }, cell) =>
    layers
      .reduce<number[][]>(
        (paths, names) => paths.flatMap((path) => names.map((_, at) => [...path, at])),
        [[]],
      )
      .map((path) => ({ cell, path })),
  );

const architectures = (of: SearchSpace): Architecture[] =>
  choices(of, 0).flatMap((one) => choices(of, 1).map((other) => [one, other]));

/** The layers of a network as the network itself counts them, without what holds no weights. */
const layersOf = ({ space: of, data }: OpenedSpace, architecture: Architecture) =>
  of.createNetwork(architecture, data).layers!(data.image);

/** A time for each row that depends on all that it is of. */
const timeOf = ({
  layer,
  input,
  output: out,
  macs,
  params,
}: Omit<LatencyTable['layers'][number], 'samples'>) =>
  layer === 'call' ? 0.25 : 0.25 + macs * 1e-5 + params * 1e-4 + layer.length + input[0] / 7 + out[2] / 3;

/** The table of these times, and of networks that take 0.5 ms and twice the sum of their layers. */
function madeTable(changes: Partial<LatencyTable> = {}): LatencyTable {
  const { space: of, data } = space;
  return {
    ...{ format: 'dna-latency/1', space: 'mbconv', image: [16, 16, 1], classes: 4 },
    ...{ runtime: 'by hand', machine: 'none', threads: 1, batch: 1, rounds: 3 },
    layers: listLayers(space).map(({ create: _, ...row }) => ({
      ...row,
      samples: [timeOf(row) - 0.1, timeOf(row), timeOf(row) + 5],
    })),
    networks: architectures(of)
      .slice(0, 14)
      .map((architecture) => {
        const time = 0.5 + 2 * sumOf(architecture);
        return { architecture: of.formatArchitecture(architecture), samples: [time, time - 1, time + 0.1] };
      }),
    ...changes,
  };

  /** Of the layers' times without their calls, walked by hand. */
  function sumOf(architecture: Architecture): number {
    const rows = listLayers(space);
    const find = (layer: string, input: readonly number[], [height, channels]: readonly number[]) =>
      rows.find(
        (row) =>
          row.layer === layer &&
          row.input.join() === input.join() &&
          row.output[0] === height &&
          row.output[2] === channels,
      )!;
    let at: readonly number[] = [data.image.height, data.image.width, data.image.channels];
    const walked = [find('stem', at, [8, 8])];
    at = walked[0]!.output;
    for (const [block, { cell, path }] of architecture.entries()) {
      const { channels, layers } = of.blocks[block]!.cells[cell]!;
      for (const [layer, operation] of path.entries()) {
        walked.push(find(layers[layer]![operation]!, at, [at[0]! / (layer === 0 ? 2 : 1), channels]));
        at = walked.at(-1)!.output;
      }
    }
    walked.push(find('head', at, [1, 4]));
    return walked.reduce((sum, row) => sum + timeOf(row) - 0.25, 0);
  }
}

describe('the layers of a space', () => {
  it('are those of all its networks, each once', () => {
    const rows = listLayers(space);
    const written = (one: { macs: number; params: number }) => `${one.macs} ${one.params}`;
    const counted = new Set(
      architectures(space.space)
        .flatMap((one) => layersOf(space, one))
        .map(written),
    );
    const listed = new Set(rows.filter(({ layer }) => layer !== 'call' && layer !== 'head').map(written));
    for (const one of listed) expect(counted).toContain(one);
    const keys = rows.map(({ create: _, ...row }) => JSON.stringify(row));
    expect(new Set(keys).size).toBe(rows.length);
    // call, stem; k3 and k5 of 8→8 and 8→16 with stride, 16→16; of the second block on 8 and 16 channels: 16 and 24
    // with stride, 16→16; heads of 16 and 24.
    expect(rows).toHaveLength(2 + 3 * 2 + (2 * 2 + 1) * 2 + 2);
  });

  it('cost together what a network costs', () => {
    const rows = listLayers(space);
    const { costs } = latenciesOf(
      {
        ...madeTable(),
        networks: [],
        layers: rows.map((row) => ({ ...row, samples: [row.layer === 'call' ? 0 : row.macs] })),
      },
      space,
      'table.json',
    );
    const priced = addCosts(space.space, costs);
    for (const architecture of architectures(space.space)) {
      let input = space.data.image;
      let sum = 0;
      for (const [block, choice] of architecture.entries()) {
        const { output: next, costs: found } = priced.priceBlock(block, choice, input);
        sum += found.latency!;
        input = next;
      }
      sum += priced.priceHead(input, 4).latency!;
      expect(sum).toBe(priced.createNetwork(architecture, space.data).cost(space.data.image).macs);
    }
  });
});

describe('a correction', () => {
  it('is found from ten networks and judged on the others', () => {
    const { correction, judgement } = latenciesOf(madeTable(), space, 'table.json');
    expect(correction.fitted).toBe(10);
    expect(correction.constant).toBeCloseTo(0.5, 6);
    expect(correction.factor).toBeCloseTo(2, 6);
    expect(judgement!.networks).toHaveLength(4);
    expect(judgement!.greatestError).toBeLessThan(1e-6);
    expect(judgement!.rankCorrelation).toBeCloseTo(1, 9);
  });

  it('is judged by errors and ranks of networks that it has not seen', () => {
    const made = madeTable();
    const factors = [1, 0.8, 1.25, 1];
    const networks = made.networks.map((row, at) => ({
      ...row,
      samples: row.samples.map((time) => time * (factors[at - 10] ?? 1)),
    }));
    const { judgement } = latenciesOf({ ...made, networks }, space, 'table.json');
    // Predicted ÷ measured: 1, 1.25, 0.8, 1.
    expect(judgement!.medianError).toBeCloseTo(0.1, 6);
    expect(judgement!.greatestError).toBeCloseTo(0.25, 6);
    expect(judgement!.rankCorrelation).toBeLessThan(1);
  });

  it('is nothing where no whole network was measured, and is not judged on what it is fitted on', () => {
    const made = madeTable();
    const of = (networks: LatencyTable['networks']) =>
      latenciesOf({ ...made, networks }, space, 'table.json');
    expect(of([])).toMatchObject({ correction: { constant: 0, factor: 1, fitted: 0 } });
    expect(of(made.networks.slice(0, 10)).judgement).toBeUndefined();
    expect(of(made.networks.slice(0, 10)).correction.factor).toBeCloseTo(2, 6);
  });
});

describe('a table', () => {
  const write = (table: unknown) => writeFileSync(join(project, 'table.json'), JSON.stringify(table));
  const search = ['search', RUN, '--latency', 'table.json', '--no-limits'];

  it('prices a search of a run that knew nothing of it, exactly, and changes nothing of the run', async () => {
    write(madeTable());
    const before = hashes(join(project, RUN));
    const { folder } = await openStoredRun({ folder: join(project, RUN), project });
    const { costs } = latenciesOf(madeTable(), space, '');
    const priced = addCosts(space.space, costs);
    const latency = (text: string) => {
      const architecture = priced.parseArchitecture(text);
      const first = priced.priceBlock(0, architecture[0]!, space.data.image);
      const second = priced.priceBlock(1, architecture[1]!, first.output);
      return first.costs.latency! + second.costs.latency! + priced.priceHead(second.output, 4).latency!;
    };
    const all = everyNetwork(folder, spaceWithCanonical(space.space)).map((one) => ({
      ...one,
      latency: latency(one.text),
    }));
    const limit = [...all].sort((a, b) => a.latency - b.latency)[10]!.latency + 1e-9;
    const best = all.find((one) => one.latency <= limit)!;
    const found = JSON.parse(await output(project, [...search, '--max', `latency=${limit}ms`, '--json']));
    expect(found.best.rating).toBe(best.rating);
    expect(found.best.costs.latency).toBeCloseTo(best.latency, 9);
    expect(found.proof.gap).toBe(0);
    expect(hashes(join(project, RUN))).toEqual(before);
  });

  it('must have every layer of the space', async () => {
    write(madeTable({ layers: madeTable().layers.filter(({ layer }) => !layer.includes('k5')) }));
    const { code, text } = await listen(search, project, {});
    expect(text).toMatch(
      /LATENCY_LAYER: table.json does not have the layer k5e2 2×2×16 → 2×2×16, 7552 multiply-adds, 2276 parameters/,
    );
    expect(code).toBe(2);
  });

  it.each([
    ['{', 'LATENCY_TABLE: .*table.json is no table of latencies: it cannot be read'],
    [{}, 'its format is undefined, expected "dna-latency/1"'],
    [{ classes: 0 }, 'its "classes" is 0'],
    [{ layers: [{ layer: 'k3' }] }, 'of layer 1 the "input" is undefined'],
    [{ networks: [{ architecture: 'a', samples: [-1] }] }, String.raw`of network 1 the "samples" is \[-1\]`],
    [{ rounds: 4 }, 'LATENCY_UNFINISHED: .* is not finished: '],
  ])('of %j is refused', async (change, problem) => {
    const isWhole = Object.keys(change).length > 0;
    if (typeof change === 'string') writeFileSync(join(project, 'table.json'), change);
    else write(isWhole ? { ...madeTable(), ...change } : change);
    const { code, text } = await listen(search, project, {});
    expect(text).toMatch(new RegExp(problem));
    expect(code).toBe(2);
  });

  it('is shown with what it is worth, as its schema says', async () => {
    write(madeTable());
    const words = ['latency', 'show', 'table.json', RUN];
    const text = await output(project, words);
    expect(text).toContain(
      'A network takes 0.500 ms + 2.000 × the sum of its layers, fitted on 10 of 14 networks.',
    );
    expect(text).toContain('On the other 4: median error 0.0 %, greatest 0.0 %, rank correlation 1.000.');
    const printed = JSON.parse(await output(project, [...words, '--json']));
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS['latency show']!);
    validate(printed);
    expect(validate.errors).toBeNull();
    expect(printed.judgement.networks).toHaveLength(4);
  });
});

/** For `everyNetwork`, which asks for it. */
function spaceWithCanonical(of: SearchSpace): SearchSpace {
  return new Proxy(of, {
    get: (target, name) => {
      if (name === 'canonical') return (architecture: Architecture) => architecture;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
