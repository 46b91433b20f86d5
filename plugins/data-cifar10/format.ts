/** The ten classes in the order of their numbers. */
export const CLASSES = Object.freeze([
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]);

export const IMAGE = Object.freeze({ height: 32, width: 32, channels: 3 });
/** What is known of the data set without its files. */
export const CIFAR10 = Object.freeze({
  name: 'cifar10',
  classNames: CLASSES,
  image: IMAGE,
  perClass: { train: 5000, test: 1000 },
});
export const PLANE = IMAGE.height * IMAGE.width;
/** Bytes of an image. */
export const PIXELS = PLANE * IMAGE.channels;
/** Images of a file. */
export const BATCH_IMAGES = 10_000;

/** Names of the files without their endings, in the order of the images. */
export const BATCHES = Object.freeze({
  train: ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'],
  test: ['test_batch'],
});
