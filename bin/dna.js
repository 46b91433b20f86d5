#!/usr/bin/env node
import module from 'node:module';

// Node keeps what it has compiled for the next command, from its version 22 on.
module.enableCompileCache?.();
await import('../dist/cli/main.js');
