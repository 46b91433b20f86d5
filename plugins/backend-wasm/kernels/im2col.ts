import { floats, put, take } from './lanes';

/** A convolution's sizes, as TypeScript writes them (`ops/convolution-sizes.ts`): 32-bit integers in this order. */
@unmanaged
export class ConvolutionSizes {
  height: i32;
  width: i32;
  channels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padTop: i32;
  padLeft: i32;
  outHeight: i32;
  outWidth: i32;
}

/**
 * Unfolds output pixels `first` … `first + count` − 1 (counted over batch, rows and columns) of x [n,h,w,c] into rows of
 * filterHeight · filterWidth · channels floats, zeros where the window leaves the image.
 */
export function im2col(x: usize, sizes: usize, first: i32, count: i32, columns: usize): void {
  const s = changetype<ConvolutionSizes>(sizes);
  const pixels = s.outHeight * s.outWidth;
  const imageBytes = floats(s.height * s.width * s.channels);
  for (let pixel = first; pixel < first + count; pixel++) {
    const inside = pixel % pixels;
    const top = (inside / s.outWidth) * s.strideHeight - s.padTop;
    const left = (inside % s.outWidth) * s.strideWidth - s.padLeft;
    columns = unfoldPixel(x + <usize>(pixel / pixels) * imageBytes, s, top, left, columns);
  }
}

function unfoldPixel(image: usize, s: ConvolutionSizes, top: i32, left: i32, columns: usize): usize {
  const bytes = floats(s.channels);
  for (let i = 0; i < s.filterHeight; i++) {
    const row = top + i * s.dilationHeight;
    const rowInside = row >= 0 && row < s.height;
    for (let j = 0; j < s.filterWidth; j++) {
      const column = left + j * s.dilationWidth;
      if (rowInside && column >= 0 && column < s.width) {
        copy(columns, image + floats((row * s.width + column) * s.channels), s.channels);
      } else {
        memory.fill(columns, 0, bytes);
      }
      columns += bytes;
    }
  }
  return columns;
}

@inline
function copy(target: usize, source: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const lanes = min(4, count - i);
    put(target + floats(i), take(source + floats(i), lanes), lanes);
  }
}

/** The reverse of `im2col`: adds the rows of `columns` back into x, which the caller zeroed. */
export function col2im(columns: usize, sizes: usize, first: i32, count: i32, x: usize): void {
  const s = changetype<ConvolutionSizes>(sizes);
  const pixels = s.outHeight * s.outWidth;
  const imageBytes = floats(s.height * s.width * s.channels);
  for (let pixel = first; pixel < first + count; pixel++) {
    const inside = pixel % pixels;
    const top = (inside / s.outWidth) * s.strideHeight - s.padTop;
    const left = (inside % s.outWidth) * s.strideWidth - s.padLeft;
    columns = foldPixel(columns, s, top, left, x + <usize>(pixel / pixels) * imageBytes);
  }
}

function foldPixel(columns: usize, s: ConvolutionSizes, top: i32, left: i32, image: usize): usize {
  const bytes = floats(s.channels);
  for (let i = 0; i < s.filterHeight; i++) {
    const row = top + i * s.dilationHeight;
    const rowInside = row >= 0 && row < s.height;
    for (let j = 0; j < s.filterWidth; j++) {
      const column = left + j * s.dilationWidth;
      if (rowInside && column >= 0 && column < s.width) {
        addTo(image + floats((row * s.width + column) * s.channels), columns, s.channels);
      }
      columns += bytes;
    }
  }
  return columns;
}

@inline
function addTo(target: usize, source: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const lanes = min(4, count - i);
    const at = target + floats(i);
    put(at, f32x4.add(take(at, lanes), take(source + floats(i), lanes)), lanes);
  }
}
