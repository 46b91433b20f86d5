import type { CompletionTable } from './table.js';

/** A script for fish 3. */
export function fishScript(table: CompletionTable): string {
  const known = table.paths.filter((path) => path !== '').map(quote);
  const lines = table.paths.flatMap((path) => [
    ...(table.takesFiles(path) ? [`complete -c dna -n ${at(path)} -F`] : []),
    ...table.words(path).map((word) => line(table, path, word)),
  ]);
  return `# Completion of dna for fish: dna completion fish > ~/.config/fish/completions/dna.fish
function __dna_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        if contains -- $next ${known.join(' ')}
            set at $next
        end
    end
    test "$at" = "$argv[1]"
end
complete -c dna -f
${lines.join('\n')}
`;
}

function line(table: CompletionTable, path: string, word: string): string {
  const about = table.describe(path, word);
  const parts = ['complete -c dna', `-n ${at(path)}`];
  if (word.startsWith('--')) {
    const values = table.values[word];
    parts.push(`-l ${word.slice(2)}`);
    if (values) parts.push('-x', `-a ${quote(values.join(' '))}`);
    else if (table.takesValue.includes(word)) parts.push('-r', '-F');
  } else {
    parts.push(`-a ${quote(word)}`);
  }
  return about === '' ? parts.join(' ') : [...parts, `-d ${quote(about)}`].join(' ');
}

function at(path: string): string {
  return quote(`__dna_at ${quote(path)}`);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
