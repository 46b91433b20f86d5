import { show } from './problem.js';

/** The schemas of a union. */
function branches(schema: Record<string, unknown>): Record<string, unknown>[] {
  const union = schema.anyOf ?? schema.oneOf;
  return Array.isArray(union) ? (union as Record<string, unknown>[]) : [];
}

/** Texts that a schema allows by name. */
export function names(schema: Record<string, unknown>): string[] {
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
