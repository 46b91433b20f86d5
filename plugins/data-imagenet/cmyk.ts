/** Pillow's conversion to RGB, without a profile: each ink takes its share of what black leaves. Both have four bytes a pixel. */
export function writeCmykAsRgbx(cmyk: Uint8Array, rgbx: Uint8Array): void {
  for (let at = 0; at < cmyk.length; at += 4) {
    const light = 255 - cmyk[at + 3]!;
    for (let ink = at; ink < at + 3; ink++) {
      const product = cmyk[ink]! * light + 128;
      rgbx[ink] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
    rgbx[at + 3] = 255;
  }
}
