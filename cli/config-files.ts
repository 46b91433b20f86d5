/** The file that `dna init` writes. */
export const CONFIG_FILE = 'dna.config.ts';

/** Files of their own that a configuration is found in, as core/config/layers.ts reads them. No framework is loaded for it. */
export const CONFIG_FILES = [
  ...['js', 'mjs', 'json', 'yaml', 'yml'].map((ending) => `dna.config.${ending}`),
  CONFIG_FILE,
];
