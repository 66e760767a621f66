import { type InstanceId, renderInstanceId } from '../../../proto/instance-id.js';
import type { AgentEvent } from '../agents.js';
import type { Colors } from '../terminal.js';
import { printable } from './printable.js';
import { localTime, momentsTwice } from './times.js';

/** `kind` is Matahari's name of the event. */
export function agentEventJson(instance: InstanceId, event: AgentEvent): Record<string, unknown> {
  const { deployable, assembly } = instance;
  const kind = event.kind === 'hostHeartbeat' ? 'heartbeat' : 'resource_op';
  return { deployable, assembly, instance: renderInstanceId(instance), kind, ...momentsTwice(event.value) };
}

/** `12:03:04.123  shop/web  heartbeat    17  web`. */
export function renderAgentEvent({ deployable, assembly }: InstanceId, event: AgentEvent, colors: Colors): string {
  const head = `${colors.dim(localTime(event.value.timestampUnixMs))}  ${`${deployable}/${assembly}`.padEnd(20)}`;
  if (event.kind === 'hostHeartbeat') {
    const { sequence, hostname } = event.value;
    return `${head}  heartbeat    ${sequence}  ${printable(hostname)}`;
  }
  const { name, standard, provider, agent, action, interval, rc, expectedRc, userdata } = event.value;
  const type = [standard, provider, agent].filter((part) => part !== '').join(':');
  const every = interval === 0 ? '' : ` every ${interval} ms`;
  const result = (rc === expectedRc ? colors.green : colors.red)(`rc ${rc}`);
  const wanted = rc === expectedRc ? '' : ` (expected: ${expectedRc})`;
  const mine = userdata === '' ? '' : `  ${userdata}`;
  return `${head}  resource_op  ${printable(`${name} ${type} ${action}${every}`)}: ${result}${wanted}${printable(mine)}`;
}
