#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';

// From version 22 on Node keeps what it has compiled for the next command: in a folder of the user's own, as what is in it
// is executed.
const { HOME, XDG_CACHE_HOME = HOME && join(HOME, '.cache') } = process.env;
if (XDG_CACHE_HOME) module.enableCompileCache?.(join(XDG_CACHE_HOME, 'dna-nas', 'compiled'));
await import('../dist/cli/main.js');
