// What knows every plugin, option and preset by name, made of the schemas: types for programs, a JSON schema for files.
// `node scripts/reference.mjs` writes both.

import { builtInDefinition, builtInPlugins, builtInPresets, REPORTS, SLOTS } from 'dna-nas/core/plugin';
import { CORE_OPTIONS } from '../dist/configuration/resolve/core-options.js';

const NOTE = 'Made by scripts/reference.mjs of the option schemas: change those.';
const SLOT_LIST = [...Object.entries(SLOTS), [REPORTS.path, REPORTS]];
const PREFIXES = [...new Set(SLOT_LIST.map(([, { prefix }]) => prefix))];
const NESTED = (path) =>
  Object.keys(SLOTS)
    .filter((slot) => slot.startsWith(`${path}.`))
    .map((slot) => slot.slice(path.length + 1));
/** As in `Elsewhere` of configuration/define-config.ts. */
const ELSEWHERE = '^(\\.{0,2}/|file:|@|[^#]+#)';

/** Keywords that only our own checks know. */
const OWN_KEYWORDS = new Set(['kind', 'patternMeans']);

/** Files by their path in the repository. */
export function configurationFiles() {
  const schemas = new Map(
    builtInPlugins().map((name) => [name, builtInDefinition(name).options ?? { properties: {} }]),
  );
  return {
    'configuration/built-in.ts': `${typesFile(schemas)}\n`,
    'configuration/schema.json': `${JSON.stringify(schemaFile(schemas), null, 1)}\n`,
  };
}

const namesOf = (schemas, prefix) =>
  [...schemas.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));

function typesFile(schemas) {
  const kinds = PREFIXES.map((prefix) => {
    const plugins = namesOf(schemas, prefix).map(
      (name) => `    readonly ${key(name)}: ${objectType(schemas.get(prefix + name), '    ')};`,
    );
    const type = plugins.length === 0 ? 'Record<never, unknown>' : `{\n${plugins.join('\n')}\n  }`;
    return `  readonly ${prefix.slice(0, -1)}: ${type};`;
  });
  return [
    `// ${NOTE}`,
    '/** Presets of the package. */',
    `export type PresetName = ${builtInPresets()
      .map((name) => `'${name}'`)
      .join(' | ')};`,
    '',
    '/** Options of the run itself, beside the slots. */',
    `export interface CoreOptions ${objectType(CORE_OPTIONS, '')}`,
    '',
    '/** Options of the plugins of the package, by kind and short name. */',
    `export interface BuiltInPlugins {\n${kinds.join('\n')}\n}`,
  ].join('\n');
}

const key = (name) => (/^[a-z_$][\w$]*$/i.test(name) ? name : `'${name}'`);

/** A schema's object as a type literal; `required` names apart, every member may be left out. */
function objectType({ properties = {}, required = [] }, indent, needed = []) {
  const members = Object.entries(properties).map(([name, schema]) => {
    const words = [
      schema.description,
      schema.default === undefined ? '' : `@default ${JSON.stringify(schema.default)}`,
    ];
    const text = words.filter(Boolean).join(' ').replaceAll('*/', '*\\/');
    const mark = needed.includes(name) && required.includes(name) ? '' : '?';
    return `${indent}  /** ${text} */\n${indent}  readonly ${key(name)}${mark}: ${typeOf(schema, `${indent}  `)};`;
  });
  return members.length === 0 ? 'unknown' : `{\n${members.join('\n')}\n${indent}}`;
}

const SIMPLE = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };

function typeOf(schema, indent) {
  if (schema.enum) return union(schema.enum.map((value) => literal(value)));
  if ('const' in schema) return literal(schema.const);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return union(branches.map((branch) => typeOf(branch, indent)));
  if (Array.isArray(schema.type))
    return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  if (schema.type === 'array') return arrayType(schema, indent);
  if (schema.type === 'object') return nestedType(schema, indent);
  return SIMPLE[schema.type] ?? 'unknown';
}

const literal = (value) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));
const union = (types) => [...new Set(types)].join(' | ');

function arrayType({ items }, indent) {
  if (Array.isArray(items)) return `readonly [${items.map((item) => typeOf(item, indent)).join(', ')}]`;
  return items === undefined ? 'readonly unknown[]' : `readonly (${typeOf(items, indent)})[]`;
}

function nestedType(schema, indent) {
  if (schema.properties) return objectType(schema, indent, schema.required);
  const { additionalProperties: values } = schema;
  return `Readonly<Record<string, ${values && values !== true ? typeOf(values, indent) : 'unknown'}>>`;
}

function schemaFile(schemas) {
  const properties = {
    $schema: { type: 'string', description: 'This schema, for editors' },
    extends: {
      description: "A preset's name, or a file relative to this one, whose values are the defaults of these",
      anyOf: [{ enum: builtInPresets() }, { type: 'string', pattern: '^\\.{0,2}/' }],
    },
    ...plain(CORE_OPTIONS).properties,
    ...Object.fromEntries(
      Object.keys(SLOTS)
        .filter((path) => !path.includes('.'))
        .map((path) => [path, { $ref: `#/definitions/${path}` }]),
    ),
    reports: { type: 'array', items: { $ref: '#/definitions/reports' } },
    plugins: { type: 'array', items: { $ref: '#/definitions/plugin' } },
  };
  const { extends: _extends, $schema: _schema, ...laidOver } = properties;
  const smoke = {
    description: 'What --smoke lays over all of this',
    type: 'object',
    properties: laidOver,
    additionalProperties: false,
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: NOTE,
    title: 'dna.config.json, dna.config.yaml',
    type: 'object',
    properties: { ...properties, smoke },
    additionalProperties: false,
    definitions: {
      plugin: {
        anyOf: [
          { type: 'string' },
          { type: 'object', properties: { use: { type: 'string' } }, required: ['use'] },
        ],
      },
      ...Object.fromEntries(SLOT_LIST.map(([path, slot]) => [path, slotSchema(path, slot, schemas)])),
      ...Object.fromEntries([...schemas].map(([name, schema]) => [name, plain(schema)])),
    },
  };
}

/** A name, or an object that names a plugin and sets its options, or sets options of the one that stands there. */
function slotSchema(path, { prefix, what }, schemas) {
  const names = namesOf(schemas, prefix);
  const known = [...names, ...names.map((name) => prefix + name)];
  const elsewhere = { type: 'string', pattern: ELSEWHERE };
  // An empty `enum` is no schema.
  const ours = known.length === 0 ? [] : [{ enum: known }];
  const nested = Object.fromEntries(
    NESTED(path).map((name) => [name, { $ref: `#/definitions/${path}.${name}` }]),
  );
  const withOptions = (options) => ({
    properties: { use: true, ...nested, ...options },
    additionalProperties: false,
  });
  const optionsOf = (name) => references(prefix + name, schemas.get(prefix + name));
  const uses = (schema) => ({ properties: { use: schema }, required: ['use'] });
  return {
    description: `${what.charAt(0).toUpperCase()}${what.slice(1)}`,
    anyOf: [
      ...ours,
      known.length === 0 ? elsewhere : { ...elsewhere, not: { enum: known } },
      {
        type: 'object',
        properties: { use: { anyOf: [...ours, elsewhere] }, ...nested },
      },
    ],
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
    then: {
      allOf: [
        ...names.map((name) => ({
          if: uses({ enum: [name, prefix + name] }),
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
          then: withOptions(optionsOf(name)),
        })),
        {
          if: { not: { required: ['use'] } },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
          then: withOptions(ofAny(names.map(optionsOf))),
        },
      ],
    },
  };
}

/** A plugin's options, each as it stands in the plugin's own definition. */
function references(plugin, { properties }) {
  const reference = (name) => ({ $ref: `#/definitions/${plugin}/properties/${name}` });
  return Object.fromEntries(Object.keys(properties).map((name) => [name, reference(name)]));
}

/** Options of several plugins together: where a name means several things, any of them. */
function ofAny(all) {
  const names = [...new Set(all.flatMap((options) => Object.keys(options)))];
  return Object.fromEntries(
    names.map((name) => {
      const texts = new Set(
        all.flatMap((options) => (name in options ? [JSON.stringify(options[name])] : [])),
      );
      const schemas = [...texts].map((text) => JSON.parse(text));
      return [name, schemas.length === 1 ? schemas[0] : { anyOf: schemas }];
    }),
  );
}

/** A schema without the keywords that are ours alone, and without what another layer may give. */
function plain({ properties }) {
  const strip = (value) => {
    if (Array.isArray(value)) return value.map(strip);
    if (value === null || typeof value !== 'object') return value;
    const standard = Object.entries(value).filter(
      ([name, one]) => !(OWN_KEYWORDS.has(name) && typeof one === 'string'),
    );
    return Object.fromEntries(standard.map(([name, one]) => [name, strip(one)]));
  };
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, strip(one)])),
  };
}
