type Colour = readonly [red: number, green: number, blue: number];

/** From dark to light with every step as visible as the next, for readers who see no colours too. */
const RISING: readonly Colour[] = [
  [30, 22, 64],
  [58, 55, 120],
  [50, 98, 148],
  [42, 138, 148],
  [72, 178, 128],
  [152, 208, 92],
  [246, 230, 110],
];

/** Blue below, orange above, pale in the middle. */
const AROUND: readonly Colour[] = [
  [18, 66, 140],
  [70, 128, 200],
  [160, 192, 226],
  [238, 236, 230],
  [238, 186, 138],
  [210, 112, 40],
  [132, 52, 8],
];

/** 256 colours, three bytes each, of maps: low to high. */
export const RISING_PALETTE = interpolate(RISING);

/** The same of differences: less, none, more. */
export const AROUND_PALETTE = interpolate(AROUND);

function interpolate(colours: readonly Colour[]): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    const at = (index / 255) * (colours.length - 1);
    const from = Math.min(colours.length - 2, Math.floor(at));
    for (let part = 0; part < 3; part++) {
      const [low, high] = [colours[from]![part]!, colours[from + 1]![part]!];
      palette[3 * index + part] = Math.round(low + (high - low) * (at - from));
    }
  }
  return palette;
}
