import { type Problem, type ProblemLocation, schemaProblems } from 'dna-nas/errors';
import { copyOptions } from 'dna-nas/files';
import type { OptionsSchema } from '../plugin/plugin.js';
import { compileSchema } from './compile-schema.js';

/**
 * Checks a value against an options schema. Returns a copy with the defaults filled in, and what is wrong; the input
 * stays as it was. `path` is put before the paths of the problems; `also` are names allowed beside the options.
 */
export function validateOptions(
  schema: OptionsSchema,
  value: object,
  at: ProblemLocation = {},
): { value: Record<string, unknown>; problems: Problem[] } {
  const copy = copyOptions(value) as Record<string, unknown>;
  const validate = compileSchema(schema);
  if (validate(copy)) return { value: copy, problems: [] };
  return { value: copy, problems: schemaProblems(validate.errors ?? [], at) };
}
