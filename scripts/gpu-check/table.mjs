// The table in the terminal.

const VERDICTS = { ok: 'ok', failed: 'FAILED', below: 'below', told: '', skipped: 'skipped' };
const MOST = { what: 64, value: 56, wanted: 12 };
const HEAD = { part: 'part', what: 'what', value: 'found', wanted: 'wanted', verdict: '' };

/** Rows of all parts, then what failed in full and what was left out. */
export function tableOf(report, parts) {
  const lines = parts.flatMap(({ name }) => rowsOf(name, report.parts[name]));
  const columns = Object.keys(HEAD).map((name) => ({
    name,
    width: Math.max(...[HEAD, ...lines].map((line) => line[name].length)),
  }));
  const text = (line) =>
    columns
      .map(({ name, width }) => line[name].padEnd(width))
      .join('  ')
      .trimEnd();
  return [text(HEAD), ...lines.map(text), ...notesOf(report, parts)].join('\n');
}

function rowsOf(name, part) {
  if (!part) return [];
  const rows = part.rows.map(({ what, value = '', wanted = '', verdict }) => ({
    part: '',
    what: short(what, MOST.what),
    value: short(value, MOST.value),
    wanted: short(wanted, MOST.wanted),
    verdict: VERDICTS[verdict],
  }));
  if (part.failure) {
    const value = short(part.failure, MOST.value);
    rows.push({ part: '', what: 'the part itself', value, wanted: '', verdict: VERDICTS.failed });
  }
  return rows.map((row, index) => ({ ...row, part: index === 0 ? name : '' }));
}

function notesOf(report, parts) {
  return parts.flatMap(({ name }) => {
    const { rows = [], failure, cuts = [] } = report.parts[name] ?? {};
    const failed = rows.filter(({ verdict, detail }) => verdict === 'failed' && detail);
    return [
      ...(failure ? [`\n${name} broke off: ${failure}`] : []),
      ...failed.map(({ what, detail }) => `\n${name}: ${what}: ${detail}`),
      ...cuts.map((cut) => `\n${name} left out for lack of time: ${cut}`),
    ];
  });
}

function short(text, most) {
  const [line = ''] = text.split('\n');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
