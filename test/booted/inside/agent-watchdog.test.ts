/** The agent as a unit of systemd: one that hangs is replaced, and what it runs does not notice. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readProcess } from '../../../agent/executors/process-table.js';
import { agentCommand } from '../../../launcher/agent-program.js';
import { packageRoot } from '../../../launcher/package-root.js';
import { scriptedDpe } from '../../e2e/agent-scripted-dpe.js';

const unit = 'cpe-agent-watched.service';
const file = `/run/systemd/system/${unit}`;

function systemctl(...args: readonly string[]): string {
  return execFileSync('systemctl', args, { encoding: 'utf8' }).trim();
}

function mainPid(): number {
  return Number(systemctl('show', '--property=MainPID', '--value', unit));
}

/** The unit as it is shipped, but for where things are and for a shorter patience. */
function writeUnit(identityFile: string): void {
  const shipped = readFileSync(join(packageRoot(), 'agent/cpe-agent.service'), 'utf8');
  const replaced = shipped
    .replace(/^ExecStart=.*$/m, `ExecStart=${[...agentCommand(), '--identity', identityFile].join(' ')}`)
    .replace(/^ConditionPathExists=.*$/m, `ConditionPathExists=${identityFile}`)
    .replace(/^WatchdogSec=.*$/m, 'WatchdogSec=2');
  writeFileSync(file, replaced);
  systemctl('daemon-reload');
}

test('an agent that hangs is replaced by systemd, and its resources go on untouched', {
  timeout: 120_000,
}, async () => {
  const dpe = await scriptedDpe({
    command(identityFile) {
      writeUnit(identityFile);
      return ['systemctl', 'start', unit];
    },
  });
  const pidFile = join(dpe.directory, 'pid');
  const exec = { command: ['sh', '-c', `echo $$ > ${pidFile}; exec sleep 1000`] };
  const order = { resource: 'web.a', resourceClass: 'exec', timeoutMs: 20_000, exec };
  try {
    await dpe.startAgent();
    assert.equal((await dpe.run({ ...order, operation: 'start' })).rc, 0);
    const pid = await dpe.until(
      'its pid',
      () => Number(readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' })) || undefined,
    );
    const startTime = readProcess(pid)?.startTime;
    const [agent, registrations] = [mainPid(), dpe.registrations()];
    assert.equal(systemctl('is-active', unit), 'active');

    process.kill(agent, 'SIGSTOP');
    await dpe.until('another agent', () => (dpe.registrations() > registrations ? true : undefined));
    assert.notEqual(mainPid(), agent);
    assert.equal(systemctl('show', '--property=NRestarts', '--value', unit), '1');
    assert.equal(readProcess(pid)?.startTime, startTime);
    assert.equal((await dpe.run({ ...order, operation: 'monitor' })).rc, 0);
    assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim(), '0');

    systemctl('stop', unit);
    assert.equal(systemctl('show', '--property=Result', '--value', unit), 'success');
    assert.equal(readProcess(pid)?.startTime, startTime, 'a stop of the agent is none of its resources');
    process.kill(pid, 'SIGKILL');
  } finally {
    execFileSync('systemctl', ['stop', unit]);
    rmSync(file, { force: true });
    systemctl('daemon-reload');
    await dpe.close();
  }
});
