import { testWholeRun } from './whole-run.js';

testWholeRun(1);
