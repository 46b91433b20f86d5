/** A line of a CSV file after RFC 4180: cells with commas, quotes or line ends are quoted. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells
    .map(String)
    .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',');
}
