import { nearest, wrongUsage } from 'dna-nas/errors';
import { bashScript } from './completion/bash.js';
import { fishScript } from './completion/fish.js';
import { powershellScript } from './completion/powershell.js';
import { type CompletionTable, completionTable } from './completion/table.js';
import { SHELLS } from './completion/values.js';
import { zshScript } from './completion/zsh.js';

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (table: CompletionTable) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

/** `dna completion`: the script by which a shell completes; its first line says where to put it. */
export async function completionCommand(shell: string): Promise<void> {
  const known = SHELLS.find((name) => name === shell);
  if (known) {
    process.stdout.write(SCRIPTS[known](await completionTable()));
    return;
  }
  const close = nearest(shell, SHELLS);
  throw wrongUsage(
    `There is no completion for ${JSON.stringify(shell)}; there is one for ${SHELLS.join(', ')}.`,
    close ? `Did you mean ${close}?` : 'Name one of them.',
  );
}
