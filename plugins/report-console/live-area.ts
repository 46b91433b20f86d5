import type { OutputStream } from './environment.js';

const ESCAPE = '\u001b[';
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;
const ERASE_BELOW = `${ESCAPE}0J`;

/** Some lines at the bottom of a terminal that are drawn over again; other lines can be left above them. */
export class LiveArea {
  #shown: readonly string[] = [];
  #hidden = false;
  readonly #stream: OutputStream;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** Columns that a line may fill; the last is left free, so that no terminal wraps. */
  get width(): number {
    return Math.max(20, this.#stream.columns || 80) - 1;
  }

  /** Draws the area anew. Lines must not be wider than `width`. */
  draw(lines: readonly string[]): void {
    if (lines.length === this.#shown.length && lines.every((line, i) => line === this.#shown[i])) return;
    this.#write(lines, '');
  }

  /** Leaves a line above the area. */
  leave(line: string): void {
    this.#write(this.#shown, `${line}\n`);
  }

  /** Clears the area and gives the cursor back. */
  end(): void {
    this.#write([], '');
    if (this.#hidden) this.#stream.write(SHOW_CURSOR);
    this.#hidden = false;
  }

  #write(lines: readonly string[], above: string): void {
    const up = this.#shown.length > 0 ? `${ESCAPE}${this.#shown.length}A\r${ERASE_BELOW}` : '';
    const hide = lines.length > 0 && !this.#hidden ? HIDE_CURSOR : '';
    if (hide) this.#hidden = true;
    const text = `${hide}${up}${above}${lines.map((line) => `${line}\n`).join('')}`;
    if (text) this.#stream.write(text);
    this.#shown = lines;
  }
}
