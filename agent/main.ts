/** cpe-agent: `node main.js --identity FILE`. */
import { parseArgs } from 'node:util';
import { Agent } from './agent.js';
import { readIdentity } from './identity.js';
import { jsonLog, rateLimited } from './log.js';

const version = '0.1.0';
const repeatedWarningMs = 5000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { identity: { type: 'string' } } });
  if (values.identity === undefined) throw new Error('usage: main.js --identity FILE');
  const identity = readIdentity(values.identity);
  const written = jsonLog({ role: 'agent', pid: process.pid });
  const limited = rateLimited(written, repeatedWarningMs);
  const log: typeof written = (level, message, details) =>
    (level === 'info' ? written : limited)(level, message, details);

  const ocfRoot = process.env.OCF_ROOT;
  const agent = await Agent.start(identity, { version, log, ...(ocfRoot ? { ocfRoot } : {}) });
  log('info', 'agent started', { version });
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log('info', 'agent ends; what it runs goes on', { signal });
    void agent.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`cpe-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
