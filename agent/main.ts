/** cpe-agent: what `usage` says. */
import { Agent } from './agent.js';
import { parseCommandLine, usage } from './command-line.js';
import { type AgentIdentity, readIdentity } from './identity.js';
import { jsonLog, type Log, rateLimited } from './log.js';
import { agentVersion } from './version.js';
import { openWatchdog } from './watchdog.js';

const repeatedWarningMs = 5000;
const misused = 2;

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'run':
      return run(async () => readIdentity(command.identityFile));
    case 'guest':
      return run(async (duties) => {
        const { becomeInstance } = await import('./guest/become-instance.js');
        return becomeInstance({ ...duties, deadlineMs: command.deadlineMs, environment: process.env });
      });
    case 'check': {
      const { checkIdentity } = await import('./check-identity.js');
      const problems = checkIdentity(command.identityFile);
      for (const problem of problems) process.stderr.write(`cpe-agent: ${problem}\n`);
      if (problems.length === 0) process.stdout.write(`${command.identityFile}: valid\n`);
      else process.exitCode = 1;
      return;
    }
    case 'prepare':
      return load();
    case 'rehearse': {
      await load();
      const { rehearse } = await import('./rehearse.js');
      return rehearse();
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

/** What is loaded only when it is used. */
async function load(): Promise<void> {
  await Promise.all([import('./guest/become-instance.js'), import('./open-calls.js')]);
}

interface Duties {
  readonly log: Log;
  /** It may take a while to find out who this is: the service manager shall not wait for it. */
  readonly onWaiting: () => void;
}

async function run(findIdentity: (duties: Duties) => Promise<AgentIdentity>): Promise<void> {
  const written = jsonLog({ role: 'agent', pid: process.pid });
  const limited = rateLimited(written, repeatedWarningMs);
  const log: Log = (level, message, details) => (level === 'info' ? written : limited)(level, message, details);

  let agent: Agent | undefined;
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log('info', 'agent ends; what it runs goes on', { signal });
    void Promise.all([agent?.close(), watchdog.stopping()]).finally(() => process.exit(0));
  };
  const isWorking = async () => agent?.isWorking();
  const watchdog = openWatchdog({ environment: process.env, pid: process.pid, isWorking, log });
  let isReady = false;
  const ready = (): void => {
    if (!isReady) watchdog.ready();
    isReady = true;
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);

  const identity = await findIdentity({ log, onWaiting: ready });
  const ocfRoot = process.env.OCF_ROOT;
  const started = await Agent.start(identity, { version: agentVersion, log, ...(ocfRoot ? { ocfRoot } : {}) });
  if (isEnding) return started.close();
  agent = started;
  ready();
  log('info', 'agent started', { version: agentVersion });
}

main().catch((error: unknown) => {
  process.stderr.write(`cpe-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
