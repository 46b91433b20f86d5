import type { ErrorObject } from 'ajv';
import { nearest, type Problem, show } from 'dna-nas/errors';
import { copyOptions } from 'dna-nas/files';
import type { OptionsSchema } from '../plugin/plugin.js';
import { compileSchema } from './compile-schema.js';

interface Context {
  readonly path?: string;
  readonly also?: readonly string[];
}

/**
 * Checks a value against an options schema. Returns a copy with the defaults filled in, and what is wrong; the input
 * stays as it was. `path` is put before the paths of the problems; `also` are names allowed beside the options.
 */
export function validateOptions(
  schema: OptionsSchema,
  value: object,
  at: Context = {},
): { value: Record<string, unknown>; problems: Problem[] } {
  const copy = copyOptions(value) as Record<string, unknown>;
  const validate = compileSchema(schema);
  if (validate(copy)) return { value: copy, problems: [] };
  const problems = new Map<string, Problem>();
  for (const error of validate.errors ?? []) {
    const problem = describe(error, at);
    // Branches of a union each report the same place; the summary of the union comes last and says most.
    if (problem) problems.set(problem.path, problem);
  }
  return { value: copy, problems: withoutEchoes([...problems.values()]) };
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

function describe(error: ErrorObject, { path = '', also = [] }: Context): Problem | undefined {
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

function branches(schema: Record<string, unknown>): Record<string, unknown>[] {
  const union = schema.anyOf ?? schema.oneOf;
  return Array.isArray(union) ? (union as Record<string, unknown>[]) : [];
}

/** Texts that a schema allows by name. */
function names(schema: Record<string, unknown>): string[] {
  const own = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  return [...own.filter((name) => typeof name === 'string'), ...branches(schema).flatMap(names)];
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/** What a schema asks for, in words: `a whole number from 1 to 8`. */
export function expectation(schema: Record<string, unknown>): string {
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map(show).join(', ')}`;
  if ('const' in schema) return show(schema.const);
  const union = branches(schema);
  if (union.length > 0) return union.map(expectation).join(', or ');
  const types = [schema.type ?? []].flat().map((type) => TYPES[String(type)] ?? String(type));
  const words = [odd(schema, types.length > 0 ? types.join(' or ') : 'a value'), ...bounds(schema)];
  const members = Object.keys((schema.properties ?? {}) as object);
  if (members.length > 0) words.push(`of ${members.join(', ')}`);
  if (schema.additionalProperties && typeof schema.additionalProperties === 'object') {
    words.push(
      `of which each value is ${expectation(schema.additionalProperties as Record<string, unknown>)}`,
    );
  }
  if (schema.items && typeof schema.items === 'object') {
    words.push(`of which each is ${expectation(schema.items as Record<string, unknown>)}`);
  }
  return words.join(' ');
}

function odd({ not }: Record<string, unknown>, words: string): string {
  const isOdd = (not as { multipleOf?: number } | undefined)?.multipleOf === 2;
  return isOdd ? words.replace('a whole', 'an odd whole') : words;
}

function bounds(schema: Record<string, unknown>): string[] {
  const parts: string[] = [];
  const add = (keyword: string, text: (bound: unknown) => string) => {
    if (schema[keyword] !== undefined) parts.push(text(schema[keyword]));
  };
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    parts.push(`from ${schema.minimum} to ${schema.maximum}`);
  } else {
    add('minimum', (bound) => `of at least ${bound}`);
    add('maximum', (bound) => `of at most ${bound}`);
  }
  add('exclusiveMinimum', (bound) => `above ${bound}`);
  add('exclusiveMaximum', (bound) => `below ${bound}`);
  add('multipleOf', (bound) => `that is a multiple of ${bound}`);
  add('minLength', (bound) => `of at least ${bound} character(s)`);
  add('maxLength', (bound) => `of at most ${bound} character(s)`);
  if (schema.patternMeans !== undefined) parts.push(String(schema.patternMeans));
  else add('pattern', (bound) => `that matches ${bound}`);
  if (schema.uniqueItems === true) parts.push('without repetitions');
  add('minItems', (bound) => `of at least ${bound} item(s)`);
  add('maxItems', (bound) => `of at most ${bound} item(s)`);
  return parts;
}
