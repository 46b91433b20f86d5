import { compareRuns, writeComparisonPage } from 'dna-nas/run-tools';
import { comparisonText } from './compare-text.js';
import { printable } from './printable.js';
import { printJson } from './table.js';

/** `dna compare`: runs side by side, on the screen, as data and as a page. Changes nothing of them. */
export async function compareCommand(
  folders: readonly string[],
  { page, json }: { readonly page?: string; readonly json: boolean },
): Promise<void> {
  const comparison = compareRuns(folders);
  if (page !== undefined) await writeComparisonPage(comparison, page);
  if (json) printJson(comparison);
  else process.stdout.write(`${printable(comparisonText(comparison))}\n`);
  if (page !== undefined) process.stderr.write(`${printable(`Written as ${page}.`)}\n`);
}
