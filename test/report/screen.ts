/** What a terminal of a given width shows after some text: just the control sequences that the live area uses. */
export function screenOf(text: string, columns: number): { lines: string[]; cursorShown: boolean } {
  const lines: string[] = [''];
  let [row, column, cursorShown] = [0, 0, true];
  const sequence = new RegExp(`${String.fromCharCode(27)}\\[(\\??)(\\d*)([A-Za-z])`, 'y');
  for (let at = 0; at < text.length; ) {
    sequence.lastIndex = at;
    const match = sequence.exec(text);
    if (match) {
      at = sequence.lastIndex;
      const [, question, count, letter] = match;
      if (question && count === '25') cursorShown = letter === 'h';
      else if (letter === 'A') row -= Number(count);
      else if (letter === 'J') lines.splice(row, lines.length, (lines[row] ?? '').slice(0, column));
      else throw new Error(`unknown sequence ${JSON.stringify(match[0])}`);
      if (row < 0) throw new Error('the cursor left the screen');
      continue;
    }
    const character = text[at++]!;
    if (character === '\n') [row, column] = [row + 1, 0];
    else if (character === '\r') column = 0;
    else {
      if (column >= columns) throw new Error(`a line wrapped at ${columns} columns: ${lines[row]}`);
      lines[row] =
        `${(lines[row] ?? '').slice(0, column)}${character}${(lines[row] ?? '').slice(column + 1)}`;
      column++;
    }
    lines[row] ??= '';
  }
  return { lines, cursorShown };
}
