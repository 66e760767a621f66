/**
 * `node pm2-peer.js DIRECTORY COMMANDS` (JSON, a list of argvs): has pm2 keep programs running, in a home of its own and through its
 * API (its command line asks a server of its makers for news), until SIGTERM. A process of its own, because pm2's client
 * goes on looking for a daemon that it has ended itself.
 */
import { connectProcessManager } from '../../coordinator/cpe/process-manager.js';

const [directory = '', commands = '[]'] = process.argv.slice(2);
const end = new Promise<void>((resolve) => process.once('SIGTERM', resolve));
// A daemon that is just starting cannot be ended by a client that is gone.
const manager = await connectProcessManager(directory);
for (const [index, [script = '', ...args]] of (JSON.parse(commands) as string[][]).entries()) {
  await manager.start({ name: `stamp-${index}`, script, args, interpreter: 'none', cwd: directory });
}
await end;
await manager.shutDown();
process.exit(0);
