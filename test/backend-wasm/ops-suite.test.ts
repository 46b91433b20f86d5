import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { opsSuite } from '../conformance/ops-suite.js';

opsSuite('wasm', startWasmBackend);
