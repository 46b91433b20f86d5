/** Accuracy of trained networks on images: of a teacher, of a run's networks, of a file with weights. */
export { evaluateNetworks, type NetworkAccuracy } from './evaluate-networks.js';
export type { EvaluationImages, EvaluationRequest, MeasuredSubject } from './request.js';
