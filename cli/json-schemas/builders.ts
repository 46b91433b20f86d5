/** JSON schema of what a command prints with `--json`. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Makers of schemas; `object` requires all its properties but those that are named as optional. */
export const text = (description: string) => ({ type: 'string', description });
export const whole = (description: string) => ({ type: 'integer', minimum: 0, description });
export const list = (items: JsonSchema, description: string) => ({ type: 'array', items, description });
export const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
export const any = (description: string) => ({ description });
export const tree = (description: string) => ({ type: 'object', description });

export const number = (description: string) => ({ type: 'number', description });

/** What was looked at, one after the other: of `dna plan` and `dna data check`. */
export const findings = (description: string) =>
  list(
    object(
      {
        check: text('What was looked at.'),
        verdict: {
          enum: ['ok', 'warning', 'problem', 'unknown'],
          description: '`warning`: it runs, and its result is worth less. `unknown`: not told here.',
        },
        text: text('What was found.'),
        fix: text('What to do.'),
      },
      ['fix'],
    ),
    description,
  );
