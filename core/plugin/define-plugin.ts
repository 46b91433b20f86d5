import { checkValues } from '../config/check-values.js';
import { schemaFault } from '../config/compile-schema.js';
import { invalidDefinition } from '../errors.js';
import { builtInPlugin, isOurPlugin } from './catalogue.js';
import type {
  CompleteDefinition,
  JsonObject,
  Plugin,
  PluginDefinition,
  PluginFactory,
  PluginReference,
} from './plugin.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Makes a plugin's factory. The factory checks its options against the schema and fills in the defaults on a copy;
 * the plugin it returns knows how other threads and resumed runs reach it, if `definition.module` says where it is.
 *
 * @throws DnaError `PLUGIN_DEFINITION` at once, for a name or schema that cannot work; the factory throws
 * `PLUGIN_OPTIONS`, which names the option, what was found, what is allowed and the nearest spelling.
 */
export function definePlugin<Options extends object = object>(
  definition: CompleteDefinition<Options>,
): PluginFactory<Options> {
  checkDefinition(definition as PluginDefinition<object>);
  const create = (options: Partial<Options> = {}): Plugin => {
    const checked = checkOptions(definition as PluginDefinition<object>, options);
    const reference = referenceOf(definition as PluginDefinition<object>, checked);
    return Object.freeze({
      name: definition.name,
      ...(reference && { reference }),
      apply: (run) => definition.apply(run, checked as Options),
    } satisfies Plugin);
  };
  return Object.assign(create, { definition });
}

function checkDefinition(definition: PluginDefinition<object>): void {
  const { name, options } = definition;
  if (!NAME.test(name)) throw invalidDefinition(name, `its name is not of the form "loss-cosine"`);
  if (typeof definition.apply !== 'function') throw invalidDefinition(name, 'it has no apply function');
  // Those of the package were checked when it was built, and a run loads many of them.
  const isOurs = definition.module !== undefined && isOurPlugin(definition.module);
  const fault = isOurs ? undefined : options && schemaFault(options);
  if (fault !== undefined) throw invalidDefinition(name, `its options schema cannot be used: ${fault}`);
}

function checkOptions(definition: PluginDefinition<object>, options: object): JsonObject {
  const written = { ...recipeOptions(definition, options), ...options };
  return checkValues(`plugin ${definition.name}`, definition.options ?? { properties: {} }, written);
}

/** What a recipe that is chosen here says of the plugin's own options; its nested slots are the configuration's. */
function recipeOptions({ recipes, options }: PluginDefinition<object>, given: object): object {
  const name = recipes && (given as Record<string, unknown>)[recipes.option];
  const own = typeof name === 'string' ? recipes?.bundles[name]?.[recipes.slot] : undefined;
  const known = Object.keys(options?.properties ?? {});
  return Object.fromEntries(
    Object.entries((own ?? {}) as object).filter(([option]) => known.includes(option)),
  );
}

/** Where a factory is found: the module, or the name of the plugin if it is one of ours, and the factory's name there. */
export function locationOf(
  definition: PluginDefinition<object>,
): Omit<PluginReference, 'options'> | undefined {
  const { name, module, export: path = 'default' } = definition;
  if (module === undefined) return undefined;
  return isOurPlugin(module) ? builtInPlugin(name) : { module, export: path };
}

function referenceOf(definition: PluginDefinition<object>, options: JsonObject): PluginReference | undefined {
  const location = locationOf(definition);
  return location && { ...location, options };
}
