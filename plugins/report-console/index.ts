import { definePlugin, type RunHooks } from 'dna-nas/core';
import { type ConsoleEnvironment, processEnvironment } from './environment.js';
import { LogReporter } from './log-reporter.js';
import { attach } from './reporter.js';
import { TerminalReporter } from './terminal-reporter.js';
import { watchCommand } from './watch/watch-command.js';

export type { ConsoleEnvironment, OutputStream } from './environment.js';
export { type Watching, watch } from './watch/watch-command.js';

export interface ReportConsoleOptions {
  /** `live` draws over itself, `log` writes plain lines. @default 'auto': live on a terminal */
  readonly style: 'auto' | 'live' | 'log';
}

/** Progress while a run goes on (standard error) and its result at the end (standard output). */
export const reportConsole = definePlugin<ReportConsoleOptions>({
  name: 'report-console',
  description: 'Progress on standard error, and the table of results on standard output.',
  module: import.meta.url,
  export: 'reportConsole',
  options: {
    properties: {
      style: {
        enum: ['auto', 'live', 'log'],
        default: 'auto',
        kind: 'display',
        description: 'live draws over itself, log writes plain lines; auto is live on a terminal.',
      },
    },
  },
  commands: [watchCommand],
  apply(run, { style }) {
    if (run.main) reportTo(run.hooks, processEnvironment(), style);
  },
});

/** Reports a run to any streams, by any clock. */
export function reportTo(
  hooks: RunHooks,
  environment: ConsoleEnvironment,
  style: ReportConsoleOptions['style'] = 'auto',
): void {
  const live = style === 'auto' ? environment.live : style === 'live';
  const reporter = live ? new TerminalReporter(environment) : new LogReporter(environment);
  attach(hooks, reporter, environment);
}
