import { quote } from 'dna-nas/run-tools/words';
import type { CompletionTable } from './table.js';

/** A script for zsh 5. */
export function zshScript(table: CompletionTable): string {
  const { paths, values, takesValue } = table;
  const known = paths.filter((path) => path !== '').map(quote);
  const valueCases = Object.entries(values).map(
    ([option, list]) => `    ${option}) compadd -- ${list.map(quote).join(' ')}; return ;;`,
  );
  const files = takesValue.filter((option) => values[option] === undefined);
  const wordCases = paths.map(
    (path) =>
      `    ${quote(path)}) found=(${table
        .words(path)
        .map((word) => quote(entry(table, path, word)))
        .join(' ')}) ;;`,
  );
  return `# Completion of dna for zsh. In ~/.zshrc, below compinit: eval "$(dna completion zsh)"
_dna() {
  local at='' next i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case "$next" in
    ${known.join('|')}) at="$next" ;;
    esac
  done
  case "\${words[CURRENT-1]}" in
${valueCases.join('\n')}
    ${files.join('|')}) _files; return ;;
  esac
  case "$at" in
${wordCases.join('\n')}
  esac
  _describe 'dna' found || _files
}
compdef _dna dna
`;
}

/** `word:description`, as _describe reads it. */
function entry(table: CompletionTable, path: string, word: string): string {
  const about = table.describe(path, word);
  const name = word.replaceAll(':', '\\:');
  return about === '' ? name : `${name}:${about}`;
}
