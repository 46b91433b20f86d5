import { plainError } from 'dna-nas/errors';
import { DONE, FAILED, NEXT, type ThreadOrder, type ThreadReply } from './decode-messages.js';
import type { ImageProducer } from './image-producer.js';

/** Takes images of a batch until none is left; whoever finishes the last one says so. */
export async function workOnBatch(
  producer: ImageProducer,
  { id, order, output, control }: ThreadOrder,
  reply: (message: ThreadReply) => void,
): Promise<void> {
  const count = order.indices.length;
  try {
    for (;;) {
      const place = Atomics.add(control, NEXT, 1);
      if (place >= count || Atomics.load(control, FAILED)) return;
      const problems = await (order.inspect
        ? producer.inspect(order, place, output)
        : producer.produce(order, place, output));
      if (problems.length > 0) reply({ kind: 'problems', id, problems });
      if (Atomics.add(control, DONE, 1) === count - 1) reply({ kind: 'done', id });
    }
  } catch (error) {
    Atomics.store(control, FAILED, 1);
    reply({ kind: 'failed', id, error: plainError(error) });
  }
}
