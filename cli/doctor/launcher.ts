import { checkLauncher } from 'dna-nas/run-tools/launch';
import { type Finding, failed, ok } from './finding.js';

/** What a launcher needs of the site, from the machine that submits to the nodes. */
export async function checkLauncherHere(use: string, set: readonly string[]): Promise<Finding[]> {
  const checks = await checkLauncher({ use, set });
  if (checks.length === 0) return [ok(`launcher ${use}`, 'needs nothing of this site')];
  return checks.map(({ check, works, found, fix }) =>
    works ? ok(check, found) : failed(check, found, fix ?? `See \`dna plugins launcher-${use}\`.`),
  );
}
