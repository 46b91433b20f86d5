import { quote } from 'dna-nas/run-tools/words';
import type { CompletionTable } from './table.js';

/** A script for bash 3.2 and later. */
export function bashScript({ paths, words, values, takesValue }: CompletionTable): string {
  const known = paths.filter((path) => path !== '').map(quote);
  const valueCases = Object.entries(values).map(
    ([option, list]) => `    ${option}) found=${quote(list.join(' '))} ;;`,
  );
  // Nothing is found there, so that bash offers files.
  const files = takesValue.filter((option) => values[option] === undefined);
  const wordCases = paths.map((path) => `    ${quote(path)}) found=${quote(words(path).join(' '))} ;;`);
  return `# Completion of dna for bash. In ~/.bashrc: eval "$(dna completion bash)"
_dna() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" at='' next found='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$at\${at:+ }\${COMP_WORDS[i]}"
    case "$next" in
    ${known.join('|')}) at="$next" ;;
    esac
  done
  case "$before" in
${valueCases.join('\n')}
    ${files.join('|')}) ;;
    *) case "$at" in
${wordCases.map((line) => `  ${line}`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$found" -- "$word"))
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _dna dna
`;
}
