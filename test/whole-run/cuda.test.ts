import { describeCuda } from '../backend-cuda/installed.js';
import { wholeRunSuite } from './whole-run-suite.js';

describeCuda('whole runs', () => wholeRunSuite('cuda'));
