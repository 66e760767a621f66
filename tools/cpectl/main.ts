#!/usr/bin/env node
/** cpectl, the operator's command. Exit codes: exit-code.ts. */
import { exitCodes } from './exit-code.js';
import { packageVersion } from './package-version.js';
import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

// `cpectl events | head` has seen enough; that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.done);
  });
}

try {
  await runProgram({ terminal: processTerminal(), version: packageVersion(), args: process.argv.slice(2) });
} catch (error) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`cpectl: this should not happen, please report it: ${reason}\n`);
  process.exitCode = exitCodes.failed;
}
// Writes to pipes, files and terminals are synchronous on Linux (Node: process I/O), so nothing is cut off here.
process.exit();
