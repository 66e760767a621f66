/**
 * Loaded into a process of pm2 (node's `--import`) that has no cped beside it: the supervisor watches pm2, pm2 watches this
 * process, and this process watches the supervisor, so that any one of them that dies alone is brought back. The home is
 * in the arguments of the process itself.
 */
import { startSupervisor } from './site.js';

const checkMs = 1_000;

const home = process.argv[process.argv.indexOf('--home') + 1];
if (home !== undefined && process.argv.includes('--home')) {
  setInterval(() => startSupervisor(home), checkMs).unref();
  // pm2 closes this channel when its daemon dies. Should the supervisor have died with it, this is the last chance.
  process.once('disconnect', () => startSupervisor(home));
}
