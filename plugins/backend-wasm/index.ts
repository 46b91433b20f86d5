export { startWasmBackend } from './start-wasm-backend.js';
