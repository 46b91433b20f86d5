/** Text of unknown origin without the characters that steer a terminal or turn the direction of reading. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
}
