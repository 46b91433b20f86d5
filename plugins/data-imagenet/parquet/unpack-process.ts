/** Entry of a process that unpacks a Parquet file, so that whoever made one cannot take the memory of those who read it. */
import { plainError } from 'dna-nas/errors';
import type { UnpackOrder, UnpackReply } from './messages.js';
import { unpackFile } from './unpack-file.js';

process.once('message', (order: UnpackOrder) => {
  unpackFile(order).then(
    (unpacked) => reply({ unpacked }),
    (error: unknown) => reply({ error: plainError(error) }),
  );
});
// Whoever asked is gone.
process.once('disconnect', () => process.exit());

function reply(told: UnpackReply): void {
  process.send!(told, () => process.disconnect());
}
