import { csvLine } from 'dna-nas/run-tools/words';
import type { ScoreTable } from './read-scores.js';

/**
 * Scores as the CSV that `readScores` reads: a row a network, its accuracies as shares. Comments come before it.
 */
export function formatScores({ scores, architectures }: ScoreTable, comments: readonly string[]): string {
  const { rating, blocks = [], accuracy, seeds, costs } = scores;
  const columns = new Map<string, ArrayLike<string | number>>([
    ...(architectures ? [['architecture', architectures] as const] : []),
    ['rating', rating],
    ...blocks.map((values, index) => [`rating_${index + 1}`, values] as const),
    ['accuracy', accuracy],
    ...Object.entries(costs),
    ...seeds.map((values, index) => [`accuracy_${index + 1}`, values] as const),
  ]);
  const rows = Array.from(rating, (_, row) => csvLine([...columns.values()].map((values) => values[row]!)));
  const header = csvLine([...columns.keys()]);
  return `${[...comments.map((text) => `# ${text}`), header, ...rows].join('\n')}\n`;
}
