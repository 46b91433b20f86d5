import { readSettings } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import { DnaError } from 'dna-nas/errors';
import type { CheckResult } from 'dna-nas/testing';
import { printable } from './printable.js';
import { printJson } from './table.js';

/**
 * `dna plugin test`: one line a check, ok or failed with what to do.
 * @throws DnaError `PLUGIN_CHECKS_FAILED` if one failed.
 */
export async function pluginTestCommand(
  files: readonly string[],
  { set = [], json = false }: { set?: readonly string[]; json?: boolean },
): Promise<void> {
  const { checkPlugin } = await import('dna-nas/testing');
  const results: CheckResult[] = [];
  for (const file of files) results.push(...(await checkPlugin(file, { options: optionsOf(set) })));
  const failed = results.filter(({ ok }) => !ok);
  if (json) printJson({ passed: results.length - failed.length, failed: failed.length, checks: results });
  else process.stdout.write(`${printable(results.map(format).join('\n'))}\n`);
  if (failed.length > 0) throw checksFailed(failed.length, results.length);
}

function format({ plugin, check, ok, problem, fix }: CheckResult): string {
  const line = `${ok ? 'ok    ' : 'failed'}  ${plugin} ${check}`;
  return ok ? line : `${line}\n          ${problem}\n        → ${fix}`;
}

/** `a.b=1` as `{ a: { b: 1 } }`. */
function optionsOf(set: readonly string[]): JsonObject {
  const options: Record<string, unknown> = {};
  for (const { path, value } of readSettings(set)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let place = options;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    place[last] = value;
  }
  return options as JsonObject;
}

function checksFailed(failed: number, all: number): DnaError {
  return new DnaError(
    'PLUGIN_CHECKS_FAILED',
    `${failed} of ${all} checks failed.`,
    'Do what stands below each of them, and test again.',
  );
}
