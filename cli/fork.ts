import type { ConfigRequest } from 'dna-nas/core';
import { forkRun } from 'dna-nas/run-tools';
import { printable } from './printable.js';

const MOST_LINES = 8;

/** What to run where `--fork` was asked for; says on standard error what differs and what is taken over. */
export async function forked(request: ConfigRequest): Promise<ConfigRequest> {
  const fork = await forkRun(request);
  if (!fork) {
    process.stderr.write('--fork: there is no run of another configuration to fork; this one is run.\n');
    return request;
  }
  const { from, name, differences, taken } = fork;
  const more = differences.length - MOST_LINES;
  const lines = [
    `--fork: ${name} is a new run beside ${from}, which differs in`,
    ...differences.slice(0, MOST_LINES).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    taken.length > 0
      ? `${taken.length} finished tasks of ${from} still hold and are taken over; the rest is computed.`
      : `No finished task of ${from} holds under this configuration: everything is computed.`,
  ];
  process.stderr.write(`${printable(lines.join('\n'))}\n`);
  return fork.request;
}
