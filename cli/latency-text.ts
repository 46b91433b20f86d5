import { counted } from 'dna-nas/errors';
import { type Latencies, type LatencyTable, layerSpread } from 'dna-nas/latency';
import { formatTable } from './table.js';

/** What a table is worth, as people read it. */
export function latencyText(table: LatencyTable, { correction, judgement }: Latencies, file: string): string {
  const { layers, networks, space, image, runtime, machine, threads, batch, rounds } = table;
  const { constant, factor, fitted } = correction;
  const head = [
    `${file}: ${layers.length} layers of the space ${space} on images of ${image.join('×')}, ${counted(rounds, 'round')}.`,
    `${runtime}, ${counted(threads, 'thread')}, batch ${batch}; ${machine}.`,
    `Half of a layer's samples lie within ${percent(layerSpread(table))} of its median.`,
  ];
  if (fitted === 0)
    return [...head, 'No whole networks were measured: latency is the plain sum of layers.'].join('\n');
  head.push(
    `A network takes ${constant.toFixed(3)} ms + ${factor.toFixed(3)} × the sum of its layers, fitted on ${fitted} of ${networks.length} networks.`,
  );
  if (!judgement) return head.join('\n');
  const { medianError, greatestError, rankCorrelation, networks: judged } = judgement;
  const others = `On the other ${judged.length}: median error ${percent(medianError)}, greatest ${percent(greatestError)}, rank correlation ${rankCorrelation.toFixed(3)}.`;
  return [...head, others, ...warning(medianError), '', networkTable(judgement)].join('\n');
}

/** Above it, a limit in milliseconds promises little. */
const MOST_ERROR = 0.1;

function warning(medianError: number): string[] {
  if (medianError <= MOST_ERROR) return [];
  return [
    'More than 10 %: measure again on a machine that does nothing else, in more rounds, before you trust a limit.',
  ];
}

function networkTable({ networks }: NonNullable<Latencies['judgement']>): string {
  const rows = [...networks]
    .sort((a, b) => a.measured - b.measured)
    .map(({ predicted, measured, architecture }) => [
      predicted.toFixed(3).padStart(9),
      measured.toFixed(3).padStart(9),
      architecture,
    ]);
  return formatTable([['predicted', ' measured', 'network (milliseconds)'], ...rows]);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
