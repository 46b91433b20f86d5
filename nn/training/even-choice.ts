/** `count` values, one from the middle of each of `count` equal parts. */
export function spreadEvenly(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / count)]!);
}

/**
 * At most `limit` of the images, as many of each class as of the others where it has them, in their order.
 * @param labels class of each image, by the image's number
 */
export function limitImages(
  images: readonly number[],
  labels: ArrayLike<number>,
  limit: number | undefined,
): number[] {
  if (limit === undefined || limit >= images.length) return [...images];
  const groups = byClass(images, labels).map(([, group]) => group);
  const shares = shareOut(
    groups.map((group) => group.length),
    limit,
  );
  return groups.flatMap((group, i) => spreadEvenly(group, shares[i]!)).sort((a, b) => a - b);
}

/** Each class with its images in their order, by class. @param labels class of each image, by the image's number */
export function byClass(
  images: Iterable<number>,
  labels: ArrayLike<number>,
): [label: number, images: number[]][] {
  const classes = new Map<number, number[]>();
  for (const image of images) {
    const group = classes.get(labels[image]!);
    if (group) group.push(image);
    else classes.set(labels[image]!, [image]);
  }
  return [...classes].sort(([a], [b]) => a - b);
}

/** Deals `total` out one at a time in turn, never more than a group's size. */
function shareOut(sizes: readonly number[], total: number): number[] {
  const shares = sizes.map(() => 0);
  let left = Math.min(
    total,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  while (left > 0) {
    for (let i = 0; i < sizes.length && left > 0; i++) {
      if (shares[i]! < sizes[i]!) {
        shares[i]!++;
        left--;
      }
    }
  }
  return shares;
}
