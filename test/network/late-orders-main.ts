/**
 * Orders of a decider of an older epoch, as they come out of a network that has kept them. Usage:
 *
 *     late-orders-main BUS-URL CREDENTIALS INSTANCE EPOCH
 *
 * Prints what each was answered with (the code of the error, or the kind of the reply), as a JSON array.
 */
import { parseInstanceId } from '../../proto/instance-id.js';
import type { BodyDraft } from '../../proto/messages.js';
import { connectBus } from '../../proto/nats-bus.js';
import { agentOrder, launcherOrder, type Subject } from '../../proto/subjects.js';

const [server = '', credentialsFile = '', instance = '', epochText = ''] = process.argv.slice(2);
const id = parseInstanceId(instance);
if (id === undefined) throw new Error(`no instance: ${instance}`);
const { deployable, host } = id;
const bus = await connectBus({
  servers: [server],
  credentialsFile,
  identity: { role: 'dpe', id: `dped-${deployable}` },
  name: 'late orders',
  onProblem: (problem) => process.stderr.write(`${JSON.stringify(problem)}\n`),
  firstConnectMs: 120_000,
});
const cancel = { resource: 'web.app', operation: 'monitor', intervalMs: 10_000 };
const orders: readonly (readonly [Subject, BodyDraft])[] = [
  [launcherOrder(host), { kind: 'destroyInstance', value: { instance } }],
  [launcherOrder(host), { kind: 'adoptLauncher', value: {} }],
  [agentOrder(id), { kind: 'adoptAgent', value: {} }],
  [agentOrder(id), { kind: 'cancelOperation', value: cancel }],
];
const epoch = Number(epochText);
const answers: string[] = [];
for (const [subject, body] of orders) {
  const about = { deployable, epoch, operationId: `${deployable}.${epoch}-late-${answers.length + 1}` };
  const outcome = await bus.request(subject, { body, ...about }, { deadlineMs: 60_000 });
  answers.push(outcome.kind === 'error' ? outcome.error.code : outcome.envelope.body.kind);
}
process.stdout.write(JSON.stringify(answers));
await bus.close();
