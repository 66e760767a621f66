/** A real agent process inside a machine, on a real nats-server, and an operator beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '../../proto/bus.js';
import { type InstanceId, parseInstanceId } from '../../proto/instance-id.js';
import { connectBus } from '../../proto/nats-bus.js';
import { type ScriptedDpe, type ScriptedDpeOptions, scriptedDpe } from '../e2e/agent-scripted-dpe.js';

export interface AgentOnBus {
  readonly dpe: ScriptedDpe;
  readonly operator: Bus;
  readonly instance: InstanceId;
  close(): Promise<void>;
}

export async function agentOnBus(options: ScriptedDpeOptions = {}): Promise<AgentOnBus> {
  const dpe = await scriptedDpe(options);
  const identity = JSON.parse(readFileSync(join(dpe.directory, 'identity.json'), 'utf8')) as {
    readonly instance: string;
    readonly busServers: readonly string[];
    readonly credentialsFile: string;
  };
  const instance = parseInstanceId(identity.instance);
  if (instance === undefined) throw new Error(`not an instance: ${identity.instance}`);
  const operator = await connectBus({
    servers: identity.busServers,
    credentialsFile: identity.credentialsFile,
    identity: { role: 'operator', id: 'tester' },
    name: 'operator',
    onProblem: () => undefined,
    firstConnectMs: 30_000,
  });
  await dpe.startAgent();
  return {
    dpe,
    operator,
    instance,
    async close() {
      await operator.close();
      await dpe.close();
    },
  };
}
