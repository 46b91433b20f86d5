import { DnaError, nearest, reasonOf } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

export function noConfiguration(
  folder: string,
  places: readonly string[],
  presets: readonly string[],
): DnaError {
  return new DnaError(
    'CONFIG_MISSING',
    `There is no configuration in ${folder === process.cwd() ? 'this folder' : folder} (looked for ${places.join(', ')}).`,
    `Name a preset (--preset ${presets.includes('quickstart') ? 'quickstart' : 'NAME'}; there are: ${presets.join(', ') || 'none'}) or write a dna.config.ts.`,
    USAGE,
  );
}

/** `close` is the file that was most likely meant. */
export function unreadableConfig(
  place: string,
  cause: unknown,
  at: { project?: string; close?: string | undefined } = {},
): DnaError {
  return new DnaError(
    'CONFIG_UNREADABLE',
    `The configuration ${place} cannot be read: ${reasonOf(cause, at.project)}.`,
    at.close === undefined ? 'Fix the file, or name another one with --config.' : `Did you mean ${at.close}?`,
    {
      cause,
      ...USAGE,
    },
  );
}

/** Several files of a folder could be its configuration. */
export function ambiguousConfig(places: readonly string[]): DnaError {
  return new DnaError(
    'CONFIG_AMBIGUOUS',
    `There are ${places.length} configurations: ${places.join(', ')}; one is expected.`,
    `Remove all but one, or name the one that counts: --config ${places[0]}.`,
    USAGE,
  );
}

/** `--smoke` was given, and neither preset nor file has a `smoke`. */
export function noSmoke(sources: readonly string[]): DnaError {
  return new DnaError(
    'CONFIG_SMOKE',
    `--smoke was given, and the configuration offers no smoke variant (looked in ${sources.join(', ')}).`,
    'Start without --smoke, or add `smoke: { … }` to the configuration: what makes its run short.',
    USAGE,
  );
}

export function circularExtends(chain: readonly string[]): DnaError {
  return new DnaError(
    'CONFIG_CIRCULAR',
    `A configuration extends itself: ${chain.map((place) => place.replace(/^file /, '')).join(' → ')}.`,
    'Take one of these `extends` out.',
    USAGE,
  );
}

export function unknownPluginName(name: string, known: readonly string[]): DnaError {
  const close = nearest(name, known);
  return new DnaError(
    'PLUGIN_UNKNOWN',
    `There is no plugin ${name} in the package.`,
    close ? `Did you mean ${close}?` : '`dna plugins` lists them all.',
    USAGE,
  );
}
