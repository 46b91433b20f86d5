import { nearest } from './nearest.js';

/** One thing wrong with a configuration or with a plugin's options. */
export interface Problem {
  /** Dotted path of the value: `distill.loss.epsilon`. */
  readonly path: string;
  /** Where it was written: `dna.config.ts`, `--set`. */
  readonly source?: string;
  readonly found?: string;
  readonly expected: string;
  /** The allowed name that comes nearest to what was written. */
  readonly nearest?: string;
  /** Full name of the plugin whose option it is. */
  readonly plugin?: string;
}

const LONGEST = 70;

/** A value as a message shows it: one short line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'function') return `a function${value.name ? ` (${value.name})` : ''}`;
  let text: string;
  try {
    text = JSON.stringify(value, showable) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** JSON would show a number that it lacks as null. */
function showable(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A problem with a name that is none of those allowed. */
export function unknownName(path: string, name: string, allowed: readonly string[], what: string): Problem {
  const close = nearest(name, allowed);
  return {
    path,
    expected: allowed.length > 0 ? `${what}: ${allowed.join(', ')}` : what,
    ...(close === undefined ? {} : { nearest: close }),
  };
}

/** The lines of one problem, indented under a heading. */
function formatProblem(problem: Problem): string {
  const lines = [
    `  ${problem.path}${problem.source && problem.source !== problem.path ? `  (${problem.source})` : ''}`,
  ];
  if (problem.found !== undefined) lines.push(`    found     ${problem.found}`);
  lines.push(`    expected  ${problem.expected}`);
  if (problem.nearest !== undefined) lines.push(`    nearest   ${problem.nearest}`);
  return lines.join('\n');
}

/** The lines of all problems. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}
