import { type Axis, ablate, markdownTables, readAxes, readGridFile } from 'dna-nas/ablation';
import type { ConfigRequest } from 'dna-nas/configuration';
import { wrongUsage } from 'dna-nas/errors';
import { AblateProgress } from './ablate-progress.js';
import { printable } from './printable.js';
import { withStopSignals } from './stop-signals.js';
import { printJson } from './table.js';

/** What `dna ablate` is given beside a configuration. */
export interface AblateOptions {
  readonly grid?: readonly string[];
  readonly gridFile?: string;
  readonly seeds: string;
  readonly name?: string;
  readonly parallel: string;
  readonly json?: boolean;
}

/** `dna ablate`: runs a grid, a line a run, and prints its table. */
export async function ablateCommand(base: ConfigRequest, options: AblateOptions): Promise<void> {
  const { name, json = false } = options;
  const axes: Axis[] = [
    ...readAxes(options.grid ?? []),
    ...(options.gridFile === undefined ? [] : readGridFile(options.gridFile)),
  ];
  const seeds = options.seeds.split(',').map((seed) => (seed.trim() === '' ? Number.NaN : Number(seed)));
  const request = { base, axes, seeds, ...(name !== undefined && { name }) };
  const parallel = readParallel(options.parallel);
  const say = (line: string) => process.stderr.write(`${printable(line)}\n`);
  const progress = new AblateProgress(say);
  const ablation = await withStopSignals((signal) =>
    ablate(request, {
      ...{ signal, parallel },
      placed: (placement) => progress.placed(placement),
      began: (at, shared) => progress.began(at, shared),
      event: (event, at) => progress.event(event, at),
      failed: (error, at) => progress.failed(error, at),
      finished: ({ rating, top1, seconds }, { done, all, text }) => {
        const accuracy = top1 === null ? '' : `top-1 ${(100 * top1).toFixed(2)} %, `;
        const rated = rating === null ? '' : `rating ${rating.toFixed(4)}, `;
        say(`${done}/${all}  ${text}: ${accuracy}${rated}${seconds.toFixed(0)} s`);
      },
    }),
  );
  if (json) return printJson(ablation);
  const table = markdownTables(ablation);
  const files = ['table.md', 'table.csv', 'table.json', ...(ablation.points.length > 1 ? ['page.html'] : [])];
  process.stdout.write(`${printable(table)}\nIn ${printable(ablation.folder)}: ${files.join(', ')}\n`);
}

/** @throws DnaError `USAGE` */
function readParallel(text: string): 'auto' | number {
  if (text === 'auto') return text;
  const points = Number(text);
  if (Number.isSafeInteger(points) && points > 0) return points;
  throw wrongUsage(
    `--parallel is ${JSON.stringify(text)}; auto or a whole number from 1 is expected.`,
    'Write --parallel auto, or --parallel 2.',
  );
}
