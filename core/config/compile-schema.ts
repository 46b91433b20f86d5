import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Ajv, ValidateFunction } from 'ajv';
import { BUILT } from '../plugin/catalogue.js';
import type { OptionSchema, OptionsSchema } from '../plugin/plugin.js';

type Checks = Readonly<Record<string, ValidateFunction>>;

/** Checks of the package's own schemas, made by the build: to make them takes much longer than to read them. */
const FILE = join(BUILT, 'core', 'config', 'checks.cjs');

const require = createRequire(import.meta.url);
const compiled = new WeakMap<OptionsSchema, ValidateFunction>();
let built: Checks | undefined;
let shared: Ajv | undefined;

/** The check of options by their schema: the build's, where it made one of a schema that says the same, else a new one. */
export function compileSchema(options: OptionsSchema): ValidateFunction {
  let check = compiled.get(options);
  if (!check) {
    check = builtChecks()[nameOf(options)] ?? ajv().compile(toJsonSchema(options));
    compiled.set(options, check);
  }
  return check;
}

function builtChecks(): Checks {
  built ??= existsSync(FILE) ? (require(FILE) as Checks) : {};
  return built;
}

/** By what it says: plugins and what the build wrote down of them have their own objects of the same schema. */
export function nameOf(options: OptionsSchema): string {
  return `options_${createHash('sha256').update(JSON.stringify(options)).digest('hex')}`;
}

function ajv(): Ajv {
  shared ??= createAjv();
  return shared;
}

/** What makes checks; `source`: such as can be written down. */
export function createAjv(code: { readonly source?: boolean } = {}): Ajv {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const created = new Ajv({
    allErrors: true,
    useDefaults: true,
    verbose: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true,
    // `schemaFault` asks for it.
    validateSchema: false,
    code,
  });
  created.addKeyword({
    keyword: 'kind',
    schemaType: 'string',
    metaSchema: { enum: ['result', 'machine', 'display'] },
  });
  // What a pattern asks for, in words.
  created.addKeyword({ keyword: 'patternMeans', schemaType: 'string' });
  return created;
}

/** The full JSON schema of an options schema. */
export function toJsonSchema(options: OptionsSchema): Record<string, unknown> {
  return { type: 'object', additionalProperties: false, ...options };
}

/** What is wrong with a schema itself, in one line; undefined if it can be used. */
export function schemaFault(options: OptionsSchema): string | undefined {
  const bare = undescribed(options);
  if (bare.length > 0) return `without a description: ${bare.join(', ')}`;
  try {
    ajv().validateSchema(toJsonSchema(options), true);
    compileSchema(options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

/** Names of properties, nested ones by dotted path, that lack a description. */
function undescribed(schema: { properties?: unknown }, path = ''): string[] {
  const properties = (schema.properties ?? {}) as Record<string, OptionSchema>;
  return Object.entries(properties).flatMap(([name, option]) => [
    ...(typeof option.description === 'string' && option.description.trim() !== '' ? [] : [path + name]),
    ...undescribed(option as { properties?: unknown }, `${path}${name}.`),
  ]);
}
