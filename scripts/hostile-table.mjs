// The table that the hostile suite closes with: what was tried of each kind of file, what became of it, and at what
// price. What was neither refused nor accepted crashed.

/** What no file may go beyond. */
export const GOALS = Object.freeze({ megabytes: 512, seconds: 20 });

/**
 * @typedef {object} HostileRow
 * @property {string} name what kind of file
 * @property {number} cases files that were tried
 * @property {number} refused those that an error of ours refused
 * @property {number} accepted those that were read
 * @property {number} worstMegabytes most memory of the process that read them, Node's own included
 * @property {number} worstSeconds most time that one took
 */

const COLUMNS = [
  ['kind', ({ name }) => name],
  ['cases', ({ cases }) => String(cases)],
  ['refused', ({ refused }) => String(refused)],
  ['accepted', ({ accepted }) => String(accepted)],
  ['worst memory', ({ worstMegabytes }) => `${Math.ceil(worstMegabytes)} MB`],
  ['worst time', ({ worstSeconds }) => `${worstSeconds.toFixed(2)} s`],
];

/** The rows as a table of text. @param {readonly HostileRow[]} rows */
export function formatRows(rows) {
  const lines = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, text]) => text(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))),
    )
    .map((line) => line.join('  '))
    .join('\n');
}

/** What rows miss of the goals, a sentence each. @param {readonly HostileRow[]} rows */
export function missedGoals(rows) {
  return rows.flatMap(({ name, cases, refused, accepted, worstMegabytes, worstSeconds }) => [
    ...(cases === 0 ? [`${name}: nothing was tried`] : []),
    ...(refused + accepted === cases ? [] : [`${name}: ${cases - refused - accepted} crashed`]),
    ...(worstMegabytes <= GOALS.megabytes
      ? []
      : [`${name}: ${Math.ceil(worstMegabytes)} MB, expected ${GOALS.megabytes} at most`]),
    ...(worstSeconds <= GOALS.seconds
      ? []
      : [`${name}: ${worstSeconds.toFixed(2)} s, expected ${GOALS.seconds} at most`]),
  ]);
}

/** Prints the table and what it misses of the goals. Returns whether it misses nothing. @param {readonly HostileRow[]} rows */
export function closeWithTable(rows) {
  console.log(formatRows(rows));
  const missed = missedGoals(rows);
  for (const problem of missed) console.log(`WRONG ${problem}`);
  console.log(
    `goals: no crash, ${GOALS.megabytes} MB, ${GOALS.seconds} s: ${missed.length === 0 ? 'met' : 'MISSED'}`,
  );
  return missed.length === 0;
}
