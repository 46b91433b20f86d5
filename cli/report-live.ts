import { once } from 'node:events';
import { serveReport } from 'dna-nas/run-tools';
import { readWholeNumber } from './whole-number.js';

const PORTS = { least: 0, most: 65_535, example: 8080 };

/** `dna report --live`: serves a run's report to a browser on this machine, until Ctrl-C. */
export async function liveReportCommand(folder: string, { port }: { readonly port?: string }): Promise<void> {
  const chosen = port === undefined ? undefined : readWholeNumber('--port', port, PORTS);
  const report = await serveReport({ folder, ...(chosen !== undefined && { port: chosen }) });
  process.stdout.write(`${report.address}\n`);
  process.stderr.write(
    'Open this address on this machine. Ctrl-C ends the server, and leaves the run alone.\n',
  );
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGUSR2'].map((signal) => once(process, signal)));
  await report.close();
}
