import { nearest, wrongUsage } from 'dna-nas/errors';
import type { ListedRun } from './list-runs.js';

/** What runs are sorted and filtered by. */
const RUN_COLUMNS = [
  ...['name', 'preset', 'seed', 'state', 'stage', 'started', 'seconds'],
  ...['accuracy', 'rating', 'params', 'macs', 'found'],
] as const satisfies readonly string[];

/** Highest first: who sorts by accuracy wants the best above. */
const FALLING: readonly string[] = ['accuracy', 'started'];

const CONDITION = /^([a-z]+)(=|<|>)(.*)$/;

export interface RunSelection {
  /** A column. @default name */
  readonly sort?: string | undefined;
  /** `state=complete`, `preset=quick` (is in it), `accuracy>0.7`, `params<1e6`: all must hold. */
  readonly filter?: readonly string[] | undefined;
}

/** Those runs that pass all conditions, sorted; what lacks the column stands last. @throws DnaError `USAGE`. */
export function selectRuns(
  runs: readonly ListedRun[],
  { sort = 'name', filter = [] }: RunSelection,
): ListedRun[] {
  requireColumn(sort);
  const conditions = filter.map(conditionOf);
  const factor = FALLING.includes(sort) ? -1 : 1;
  return runs
    .filter((run) => conditions.every((holds) => holds(run)))
    .sort((one, other) => {
      const [a, b] = [columnOf(one, sort), columnOf(other, sort)];
      if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
      if (typeof a === 'number' && typeof b === 'number') return factor * (a - b);
      return factor * String(a).localeCompare(String(b), 'en', { numeric: true });
    });
}

function conditionOf(text: string): (run: ListedRun) => boolean {
  const [, column, relation, bound] = CONDITION.exec(text) ?? [];
  if (column === undefined || bound === undefined)
    throw wrongUsage(
      `The condition ${JSON.stringify(text)} is not of the form column=text, column<number or column>number.`,
      'Say for example --filter state=complete or --filter "accuracy>0.7".',
    );
  requireColumn(column);
  if (relation === '=') return (run) => String(columnOf(run, column) ?? '').includes(bound);
  const limit = Number(bound);
  if (bound.trim() === '' || Number.isNaN(limit))
    throw wrongUsage(
      `The condition ${JSON.stringify(text)} compares with ${JSON.stringify(bound)}, which is no number.`,
      'Say for example --filter "params<1e6".',
    );
  const sign = relation === '<' ? -1 : 1;
  return (run) => {
    const value = columnOf(run, column);
    return typeof value === 'number' && sign * (value - limit) > 0;
  };
}

function columnOf(run: ListedRun, column: string): unknown {
  return run[column as keyof ListedRun];
}

function requireColumn(column: string): void {
  if ((RUN_COLUMNS as readonly string[]).includes(column)) return;
  const close = nearest(column, RUN_COLUMNS);
  throw wrongUsage(
    `Runs have no column ${JSON.stringify(column)}; they have ${RUN_COLUMNS.join(', ')}.`,
    close ? `Did you mean ${close}?` : 'Take one of them.',
  );
}
