import type { CompletionTable } from './table.js';

/** A script for PowerShell 5.1 and 7. */
export function powershellScript({ paths, words, values }: CompletionTable): string {
  const rows = paths.map((path) => `  ${quote(path)} = ${list(words(path))}`);
  const valueRows = Object.entries(values).map(([option, known]) => `  ${quote(option)} = ${list(known)}`);
  return `# Completion of dna for PowerShell. In $PROFILE: dna completion powershell | Out-String | Invoke-Expression
$dnaWords = @{
${rows.join('\n')}
}
$dnaValues = @{
${valueRows.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName dna -ScriptBlock {
  param($word, $command, $position)
  $given = @($command.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $at = ''
  foreach ($one in ($given | Select-Object -Skip 1)) {
    $next = "$at $one".Trim()
    if ($dnaWords.ContainsKey($next)) { $at = $next }
  }
  $before = if ($given.Count -gt 0) { $given[-1] } else { '' }
  $found = if ($dnaValues.ContainsKey($before)) { $dnaValues[$before] } else { $dnaWords[$at] }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function list(items: readonly string[]): string {
  return `@(${items.map(quote).join(', ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
