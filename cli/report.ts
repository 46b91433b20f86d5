import { relative } from 'node:path';
import { readMachineOptions } from 'dna-nas/configuration';
import type { Split } from 'dna-nas/core/contracts';
import { wrongUsage } from 'dna-nas/errors';
import { type ImageChoice, type RunReport, reportRun } from 'dna-nas/run-tools';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

interface ReportOptions {
  /** `true` where no images were named. */
  readonly features?: string | true;
  readonly split?: string;
  readonly live?: boolean;
  readonly port?: string;
  readonly set?: readonly string[];
  readonly json: boolean;
}

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** `dna report`: the reports of a run once more, with feature maps if they are asked for. */
export async function reportCommand(folder: string, options: ReportOptions): Promise<void> {
  const { set = [], json, live, port } = options;
  requireTogether(options);
  if (live) return (await import('./report-live.js')).liveReportCommand(folder, { ...(port && { port }) });
  const machine = readMachineOptions(set);
  const features = imageChoice(options);
  const report = await reportRun({
    folder,
    machine,
    ...(features && { features }),
    // Standard output belongs to the data.
    without: json ? ['report-console'] : [],
  });
  if (json) printJson(reportData(report));
  else process.stdout.write(`${printable(reportText(report, folder))}\n`);
}

function requireTogether({ live, port, json, features }: ReportOptions): void {
  if (port !== undefined && !live)
    throw wrongUsage('--port chooses where --live serves, which was not given.', 'Add --live.');
  if (live && (json || features !== undefined))
    throw wrongUsage(
      '--live serves the report as it is, and --json and --features ask for another one.',
      'Draw features first, by a command of its own.',
    );
}

function imageChoice({ features, split }: ReportOptions): ImageChoice | undefined {
  const known = SPLITS.find((name) => name === split);
  if (split !== undefined && !known) {
    throw wrongUsage(
      `There is no split ${JSON.stringify(split)}; the splits are ${SPLITS.join(', ')}.`,
      'Give one of them to --split.',
    );
  }
  if (split !== undefined && features === undefined) {
    throw wrongUsage('--split chooses images for --features, which was not given.', 'Add --features.');
  }
  if (features === undefined) return undefined;
  const images = features === true ? [] : features.split(',').filter((image) => image !== '');
  return { images, ...(known && { split: known }) };
}

/** What `--json` prints; errors are relative, `mean|Y − Ŷ| / σ(Y)`. */
function reportData({ folder, complete, summary, features }: RunReport): object {
  return {
    run: folder,
    complete,
    summary,
    ...(features && {
      features: {
        split: features.split,
        images: features.images.map(({ pixels: _, ...image }) => image),
        blocks: features.blocks.map(({ block, choice, features: { shape, error, errors } }) => ({
          ...{ block: block + 1, cell: choice.cell + 1, path: choice.path, shape, error, errors },
        })),
      },
    }),
  };
}

function reportText({ complete, features }: RunReport, folder: string): string {
  const state = complete ? '' : ' The run is not complete: it shows what there is.';
  const lines = [`The report is ${relative('', folder)}/report.html.${state}`];
  if (!features) return lines.join('\n');
  const { images, split, blocks } = features;
  const rows = blocks.map(({ name, choice, features: { error, errors } }) => [
    `  ${name}`,
    `cell ${choice.cell + 1}`,
    error.toPrecision(4),
    errors.map((each) => each.toPrecision(3)).join(' '),
  ]);
  const head = ['  block', 'found', 'error', `of each of ${images.length} ${split} images`];
  return [...lines, 'Relative error of the student’s feature maps:', formatTable([head, ...rows])].join('\n');
}
