import { builtInBackends, checkBackend } from 'dna-nas/configuration';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/** `dna backend list`: every backend of the package, whether it works here, and if not, what to do. */
export async function backendListCommand({ json }: { json: boolean }): Promise<void> {
  const names = builtInBackends();
  const found = await Promise.all(names.map(async (name) => ({ name, ...(await checkBackend(name)) })));
  if (json) return printJson(found);
  const rows = found.flatMap((backend) =>
    backend.works
      ? [[backend.name, 'works', backend.description]]
      : [
          [backend.name, 'does not work', `it ${backend.reason}`],
          ['', '', `→ ${backend.fix}`],
        ],
  );
  process.stdout.write(`${printable(formatTable(rows))}\n`);
}
