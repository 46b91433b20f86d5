import { encodePng, type PngImage } from 'dna-nas/files';

/** A picture as an address that a page can hold. */
export function pngAddress(image: PngImage): string {
  return `data:image/png;base64,${encodePng(image).toString('base64')}`;
}
