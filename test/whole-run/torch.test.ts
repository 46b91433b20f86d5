import { describeTorch } from '../backend-torch/installed.js';
import { wholeRunSuite } from './whole-run-suite.js';

describeTorch('whole runs', () => wholeRunSuite('torch'));
