import { definePlugin } from 'dna-nas/core';
import { MultiCell } from './multi-cell.js';
import { sampleFairly, sampleUniformly } from './samplers.js';

export interface SupernetMultiCellOptions {
  /** How a step's path is drawn. @default 'uniform' */
  readonly sampling: 'uniform' | 'fair';
}

/** The paper's supernet: every cell shares weights among its paths, and cells share nothing. */
export const supernetMultiCell = definePlugin<SupernetMultiCellOptions>({
  name: 'supernet-multi-cell',
  module: 'dna-nas/plugins/supernet-multi-cell',
  export: 'supernetMultiCell',
  description: 'One weight-sharing supernet for each cell of each block, trained along single paths.',
  options: {
    properties: {
      sampling: {
        description:
          '`uniform` draws each layer on its own; `fair` uses every operation once in as many draws.',
        enum: ['uniform', 'fair'],
        default: 'uniform',
      },
    },
  },
  apply(run, { sampling }) {
    run.hooks.resolveSupernet.tap('supernet-multi-cell', () => ({
      createCell: (request) => new MultiCell(request),
    }));
    run.hooks.resolveSampler.tap('supernet-multi-cell', () =>
      sampling === 'fair' ? sampleFairly : sampleUniformly,
    );
  },
});
