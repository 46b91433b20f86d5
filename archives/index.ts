/** Zip and tar files, read to a byte; anybody may have made them. */
export { type ByteSource, bytesSource, FileSource } from './byte-source.js';
export { quoteShort } from './errors.js';
export { indexTar, type ReadTarOptions, readTar } from './tar.js';
export type { TarEntry } from './tar-walk.js';
export { openZip, type ZipArchive, type ZipEntry } from './zip.js';
export type { ZipMethod } from './zip-directory.js';
