import { invalidOptions } from '../errors.js';
import type { JsonObject, OptionsSchema } from '../plugin/plugin.js';
import { validateOptions } from './validate.js';

/**
 * Checks the options of something that is not in a configuration, named by `what` (`command dna teacher train`);
 * returns them with the defaults.
 *
 * @throws DnaError `PLUGIN_OPTIONS`
 */
export function checkValues(what: string, schema: OptionsSchema, values: object): JsonObject {
  const { value, problems } = validateOptions(schema, values);
  if (problems.length > 0) throw invalidOptions(what, problems);
  return value as JsonObject;
}
