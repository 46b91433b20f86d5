import { openInherited } from './inherit/open-inherited.js';
import { type OpenedNetwork, openTrained, type TrainedRequest } from './source/open-trained.js';

/** A network with the weights that are asked for. @throws DnaError those of `openTrained` and `openInherited` */
export function openNetwork(request: TrainedRequest): Promise<OpenedNetwork> {
  return request.weights === 'inherited' ? openInherited(request) : openTrained(request);
}
