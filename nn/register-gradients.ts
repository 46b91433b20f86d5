/** Registers tfjs-core's gradients; the bundle is made by `scripts/build.mjs`. It shares the global engine. */
// @ts-expect-error The bundle has no types: it is imported for its effect.
import './tfjs-gradients.js';
