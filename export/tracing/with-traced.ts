import type { Network } from 'dna-nas/core/contracts';
import type { Graph } from '../graph/graph.js';
import { type TraceOptions, traceNetwork } from './trace-network.js';
import { withTracingBackend } from './tracing-backend.js';

/**
 * Makes a network on the tracing backend, and answers what `use` makes of it and of its graph; the network is disposed
 * of then, and the backend before is current again.
 */
export function withTraced<Result>(
  create: () => Network,
  options: TraceOptions,
  use: (graph: Graph, network: Network) => Result,
): Promise<Awaited<Result>> {
  return withTracingBackend((backend) => {
    const network = create();
    try {
      return use(traceNetwork(backend, network, options), network);
    } finally {
      network.dispose();
    }
  });
}
