import { wholeRunSuite } from './whole-run-suite.js';

wholeRunSuite('wasm');
