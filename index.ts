/** What configurations and programs import: the run, what is done with runs, and grids of them. */
export * from 'dna-nas/ablation';
export { type Config, defineConfig, pluginFrom } from 'dna-nas/configuration';
export * from 'dna-nas/core';
export * from 'dna-nas/run-tools';
