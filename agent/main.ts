/** cpe-agent: what `usage` says. */
import { Agent } from './agent.js';
import { parseCommandLine, usage } from './command-line.js';
import { readIdentity } from './identity.js';
import { jsonLog, rateLimited } from './log.js';
import { agentVersion } from './version.js';
import { openWatchdog } from './watchdog.js';

const repeatedWarningMs = 5000;
const misused = 2;

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'run':
      return run(command.identityFile);
    case 'check': {
      const { checkIdentity } = await import('./check-identity.js');
      const problems = checkIdentity(command.identityFile);
      for (const problem of problems) process.stderr.write(`cpe-agent: ${problem}\n`);
      if (problems.length === 0) process.stdout.write(`${command.identityFile}: valid\n`);
      else process.exitCode = 1;
      return;
    }
    case 'version':
      process.stdout.write(`${agentVersion}\n`);
      return;
    case 'help':
      process.stdout.write(usage);
      return;
    case 'misused':
      process.stderr.write(`cpe-agent: ${command.message}\n${usage.slice(0, usage.indexOf('\n\n'))}\n`);
      process.exitCode = misused;
      return;
  }
}

async function run(identityFile: string): Promise<void> {
  const identity = readIdentity(identityFile);
  const written = jsonLog({ role: 'agent', pid: process.pid });
  const limited = rateLimited(written, repeatedWarningMs);
  const log: typeof written = (level, message, details) =>
    (level === 'info' ? written : limited)(level, message, details);

  const ocfRoot = process.env.OCF_ROOT;
  const agent = await Agent.start(identity, { version: agentVersion, log, ...(ocfRoot ? { ocfRoot } : {}) });
  const isWorking = () => agent.isWorking();
  const watchdog = openWatchdog({ environment: process.env, pid: process.pid, isWorking, log });
  watchdog.ready();
  log('info', 'agent started', { version: agentVersion });
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log('info', 'agent ends; what it runs goes on', { signal });
    void Promise.all([agent.close(), watchdog.stopping()]).finally(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`cpe-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
