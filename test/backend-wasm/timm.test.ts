import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { timmSuite } from '../conformance/timm-suite.js';

timmSuite('wasm', startWasmBackend);
