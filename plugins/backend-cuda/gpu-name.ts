import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '/proc/driver/nvidia/gpus';

/** The first GPU's name, as its driver tells it. */
export function gpuName(folder = FOLDER): string {
  const [first] = existsSync(folder) ? readdirSync(folder).sort() : [];
  const file = first === undefined ? '' : join(folder, first, 'information');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'a GPU';
}
