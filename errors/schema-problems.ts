import type { ErrorObject } from 'ajv';
import { expectation, names } from './expectation.js';
import { nearest } from './nearest.js';
import { type Problem, show } from './problem.js';

/** Where a value that was checked stands. */
export interface ProblemLocation {
  /** Put before the paths of its problems. */
  readonly path?: string;
  /** Names that are allowed beside those of its schema. */
  readonly also?: readonly string[];
}

/** What a check by a JSON schema found, in words: one problem a place. The check is `verbose`. */
export function schemaProblems(errors: readonly ErrorObject[], at: ProblemLocation): Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    const problem = describe(error, at);
    // Branches of a union each report the same place; the summary of the union comes last and says most.
    problems.set(problem.path, problem);
  }
  return withoutEchoes([...problems.values()]);
}

/** A required option that is misspelt is one mistake, though it is both missing and unknown. */
function withoutEchoes(problems: readonly Problem[]): Problem[] {
  const meant = problems.map(({ path, nearest: name }) =>
    name === undefined ? undefined : join(path.slice(0, Math.max(0, path.lastIndexOf('.'))), name),
  );
  return problems.filter(({ path, found }) => found !== 'nothing' || !meant.includes(path));
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('.');
}

function place(error: ErrorObject, path: string): string {
  return join(
    path,
    error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
  );
}

function describe(error: ErrorObject, { path = '', also = [] }: ProblemLocation): Problem {
  const at = place(error, path);
  const parent = error.parentSchema as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params.additionalProperty);
      const beside = error.instancePath === '' ? also : [];
      const allowed = [...Object.keys((parent.properties ?? {}) as object), ...beside];
      const close = nearest(name, allowed);
      return {
        path: join(at, name),
        found: `an unknown option, set to ${show((error.data as Record<string, unknown>)[name])}`,
        expected: allowed.length > 0 ? `one of ${allowed.join(', ')}` : 'no options at all',
        ...(close === undefined ? {} : { nearest: close }),
      };
    }
    case 'required': {
      const name = String(error.params.missingProperty);
      const option = ((parent.properties ?? {}) as Record<string, Record<string, unknown>>)[name];
      const wanted = option ? expectation(option) : 'a value';
      const about = typeof option?.description === 'string' ? ` (${option.description})` : '';
      return { path: join(at, name), found: 'nothing', expected: wanted + about };
    }
    default:
      return invalidValue(error, at, parent);
  }
}

function invalidValue(error: ErrorObject, at: string, schema: Record<string, unknown>): Problem {
  const allowed = names(schema);
  const close =
    typeof error.data === 'string'
      ? (nearest(error.data, allowed) ?? unquoted(error.data, schema))
      : undefined;
  const expected = expectation(schema);
  const about = schema.type === 'object' && schema.description ? ` (${schema.description})` : '';
  return {
    path: at === '' ? '(options)' : at,
    found: show(error.data),
    expected: (expected === 'a value' ? (error.message ?? expected) : expected) + about,
    ...(close === undefined ? {} : { nearest: close }),
  };
}

/** A number in quotes is a text. */
function unquoted(text: string, { type }: Record<string, unknown>): string | undefined {
  const isNumber =
    (type === 'number' || type === 'integer') && text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber ? `${Number(text)}, without quotes` : undefined;
}
