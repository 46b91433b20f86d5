// Reading images at computed places.
#pragma once

#include <string>

#include "../torch.h"

namespace dna {

// Pixels of `images` [n, h, w, c] at float64 coordinates `y` and `x` of any one shape [..], from the image numbers
// `image` (int64, broadcast): [.., c]. Places outside of the image give `fill` (a number, or a value a channel);
// `bilinear` mixes the four pixels around a place, else the nearest is taken, halves upwards.
at::Tensor samplePixels(const at::Tensor& images, const at::Tensor& image, const at::Tensor& y, const at::Tensor& x,
                        const at::Tensor& fill, bool bilinear);

}  // namespace dna
