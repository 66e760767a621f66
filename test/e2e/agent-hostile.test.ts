import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withoutCgroups } from '../../agent/executors/executor-fixture.js';
import { type AgentInstance, startAgentInstance } from './agent-instance.js';
import { reportsOf } from './agent-scripted-dpe.js';

/** What nobody else on this machine runs. */
const mark = `8640${process.pid}`;
const good = { provider: 'test', type: 'good' };
const bad = { provider: 'test', type: 'bad' };
const timeoutMs = 2500;

async function startBeside(context: TestContext, script: (directory: string) => string): Promise<AgentInstance> {
  const instance = await startAgentInstance();
  context.after(() => instance.end());
  const { directory, agent, run, delegate } = instance;
  agent('good', goodScript(directory));
  agent('bad', script(directory));
  assert.equal((await run('good', 'start', good)).rc, 0);
  await delegate(['good'], { periodMs: 1 });
  assert.equal((await run('good', 'monitor', { ...good, intervalMs: 300 })).rc, 0);
  return instance;
}

/** Counts its monitors. */
function goodScript(directory: string): string {
  const pid = join(directory, 'good.pid');
  return `
    alive() { test -s ${pid} && kill -0 $(cat ${pid}) 2>/dev/null; }
    case $1 in
    start) alive || { setsid sh -c 'echo $$ > ${pid}; exec sleep 1${mark}' </dev/null >/dev/null 2>&1 & until alive; do sleep 0.01; done; } ;;
    stop) alive && kill -9 $(cat ${pid}); while alive; do sleep 0.01; done; rm -f ${pid} ;;
    monitor) echo >> ${directory}/looks; alive || exit 7 ;;
    esac`;
}

/** The other resource is monitored and recovered as if nothing were the matter. */
async function goodGoesOn({ dpe, directory, pidsOf, log }: AgentInstance): Promise<void> {
  const looks = () => readFileSync(join(directory, 'looks'), 'utf8').length;
  const [before, recoveries] = [looks(), reportsOf(dpe.reports, 'localRecovery').length];
  await dpe.until('monitors of the other resource', () => (looks() > before + 2 ? true : undefined));
  const [pid] = await dpe.until('its daemon', () => {
    const pids = pidsOf(`sleep 1${mark}`);
    return pids.length === 1 ? pids : undefined;
  });
  const killedAt = performance.now();
  process.kill(pid ?? 0, 'SIGKILL');
  const { value } = await dpe.until('its recovery', () => reportsOf(dpe.reports, 'localRecovery')[recoveries]);
  assert.equal(value.verdict, 'recovered', log());
  const elapsedMs = performance.now() - killedAt;
  assert.ok(elapsedMs < 15_000, `${elapsedMs} ms`);
}

const ignoring = `trap '' TERM HUP INT;`;
const sleeping = `sleep 2${mark}`;
const hostile = [
  {
    name: 'forks for ever',
    // Not as fast as it can: the machine has other things to do.
    script: () =>
      `while :; do (setsid env -i sh -c '${ignoring} while :; do ${sleeping} & sleep 0.1; done' &); sleep 0.05; done`,
  },
  { name: 'writes without end', script: () => `(${sleeping} &); while :; do yes '${'x'.repeat(200)}'; done` },
  { name: 'ignores SIGTERM', script: () => `${ignoring} while :; do ${sleeping}; done` },
  {
    name: 'gets away as far as it can',
    script: () =>
      `(setsid env -i sh -c '${ignoring} ${sleeping}; echo' </dev/null >/dev/null 2>&1 &)
       exec </dev/null >/dev/null 2>&1; sleep 0.2; kill -STOP $$`,
  },
] as const;

for (const { name, script } of hostile) {
  for (const operation of ['start', 'monitor'] as const) {
    for (const isKilled of [false, true]) {
      const when = isKilled ? ', and its agent is killed meanwhile' : '';
      test(`a ${operation} that ${name} harms nobody else and is ended whole${when}`, {
        skip: withoutCgroups,
      }, async (context) => {
        const instance = await startBeside(
          context,
          (directory) =>
            `case $1 in ${operation}) echo > ${directory}/begun; ${script()} ;; stop) ;; *) exit 7 ;; esac`,
        );
        const { dpe, directory, run, pidsOf, killAgent } = instance;
        const done = run('bad', operation, { ...bad, timeoutMs });
        await dpe.until('its begin', () => (existsSync(join(directory, 'begun')) ? true : undefined));
        if (isKilled) await killAgent();
        await goodGoesOn(instance);
        const result = await done;
        assert.equal(result.status, 'timeout');
        assert.ok(result.exitReason.startsWith(`did not end within ${timeoutMs / 1000} s`), result.exitReason);
        assert.deepEqual(pidsOf(`2${mark}`), []);
        assert.ok(result.output.length <= 8192);
        assert.equal((await run('bad', 'stop', bad)).rc, 0);
        await goodGoesOn(instance);
      });
    }
  }
}

test('nothing is executed that was data', { skip: withoutCgroups }, async (context) => {
  const instance = await startBeside(
    context,
    (directory) => `printf %s "$OCF_RESKEY_text" > ${directory}/text; env > ${directory}/env`,
  );
  const { directory, run } = instance;
  const never = join(directory, 'never');
  const text = `$(touch ${never})\n\`touch ${never}\`; touch ${never} | touch ${never} & "'\\ \${IFS} \u00fc\t*`;
  const parameters = { text, "a'; touch never; '": text, 'b\nc': text };
  for (const operation of ['start', 'monitor', 'stop']) {
    const done = await run('bad', operation, { ...bad, parameters });
    assert.equal(done.rc, 0, JSON.stringify(done));
    assert.equal(readFileSync(join(directory, 'text'), 'utf8'), text);
  }
  for (const type of ['../../../../bin/sh', 'bad; touch never', '$(touch never)']) {
    assert.equal((await run('bad', 'start', { ...bad, type })).rc, 5);
  }
  assert.ok(!existsSync(never) && !existsSync(join(directory, 'ocf/resource.d/test/never')) && !existsSync('/never'));
});
