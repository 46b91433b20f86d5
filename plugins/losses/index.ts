/** Losses: how far a student's feature map is from the teacher's, as training sees it. */
export { lossCosine } from './cosine.js';
export { lossFeatureMse } from './feature-mse.js';
export { lossL1 } from './l1.js';
export { lossRelativeL1 } from './relative-l1.js';
