import type { ResolvedPlugin } from 'dna-nas/core/config';
import { builtInPlugin } from 'dna-nas/core/plugin';

/** Name of the report that can show everything. */
export const PAGE = 'report-html';

/** That report, for those who want its page where no configuration asks for it. */
export function pagePlugin(): ResolvedPlugin {
  const reference = { ...builtInPlugin(PAGE), options: {} };
  return { name: PAGE, slot: 'reports', reference, source: 'program' };
}
