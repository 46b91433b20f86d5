// The report: one file of JSON, written whenever a part ends, from which an interrupted check goes on.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const FORMAT = 1;

/** The report in a file, if it is of the same machine, commit and options; else an empty one. */
export function openReport(file, { identity, machine, options, again }) {
  const fresh = { format: FORMAT, identity, machine, options, parts: {} };
  if (again || !existsSync(file)) return fresh;
  const found = readReport(file);
  return found?.format === FORMAT && found.identity === identity ? { ...found, machine, options } : fresh;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes the report whole: a check that is killed leaves the one before. */
export function saveReport(file, report) {
  const made = `${file}.${process.pid}.partial`;
  writeFileSync(made, `${JSON.stringify(report, null, 1)}\n`);
  renameSync(made, file);
}

/** Parts that are to run: those asked for, else those without a result and those that failed. */
export function dueParts(parts, report, only) {
  if (only.length > 0) return parts.filter(({ name }) => only.includes(name));
  return parts.filter(({ name }) => report.parts[name]?.status !== 'ok');
}

/** How many rows there are of each verdict; a part that broke off counts as a failed one. */
export function countVerdicts(report) {
  const counts = { ok: 0, failed: 0, below: 0, told: 0, skipped: 0 };
  for (const { rows, failure } of Object.values(report.parts)) {
    for (const { verdict } of rows) counts[verdict] += 1;
    if (failure) counts.failed += 1;
  }
  return counts;
}
