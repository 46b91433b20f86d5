/** What configurations and programs import: the run, what is done with runs, and grids of them. */
export * from 'dna-nas/ablation';
export * from 'dna-nas/core';
export * from 'dna-nas/run-tools';
