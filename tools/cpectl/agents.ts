import {
  type AgentAnswer,
  type AgentCall,
  type AgentCallDraft,
  agentCalls,
  isAgentEvent,
} from '../../proto/agent-calls.js';
import type { Bus } from '../../proto/bus.js';
import { type BusError, busError } from '../../proto/bus-error.js';
import type { InstanceId } from '../../proto/instance-id.js';
import type { Body, BodyDraft } from '../../proto/messages.js';
import { agentCall, allAgents, parseSubject, rolePatterns } from '../../proto/subjects.js';

export type AgentAnswered<C extends AgentCall> =
  | { readonly kind: 'answer'; readonly value: AgentAnswer<C> }
  | { readonly kind: 'error'; readonly error: BusError };

export type AgentEvent = Extract<Body, { readonly kind: 'hostHeartbeat' | 'resourceOp' }>;

/** The agents of running instances, asked directly over the bus. */
export interface Agents {
  /** Never rejects. */
  call<C extends AgentCall>(
    instance: InstanceId,
    call: C,
    asked: { readonly value: AgentCallDraft<C>; readonly deadlineMs: number },
  ): Promise<AgentAnswered<C>>;
  /** Calls the listener at every event of the agents of a deployable (empty: of all); returns its own removal. */
  listen(deployable: string, listener: (instance: InstanceId, event: AgentEvent) => void): () => void;
}

export function agentsOn(bus: Bus): Agents {
  return {
    async call(instance, call, { value, deadlineMs }) {
      // The compiler does not relate `call` to `value` by itself; the signature does.
      const body = { kind: call, value } as unknown as BodyDraft;
      const draft = { body, deployable: instance.deployable };
      const outcome = await bus.request(agentCall(instance), draft, { deadlineMs });
      if (outcome.kind === 'error') return outcome;
      const answer = outcome.envelope.body;
      if (answer.kind === agentCalls[call].answer) return { kind: 'answer', value: answer.value as never };
      return { kind: 'error', error: busError('invalid-reply', `"${answer.kind}" is no answer to "${call}"`) };
    },
    listen(deployable, listener) {
      const pattern = deployable === '' ? rolePatterns.agentEvents : allAgents(deployable, 'event');
      const subscription = bus.subscribe(pattern, ({ envelope: { body }, subject }) => {
        const parsed = parseSubject(subject);
        if (parsed?.kind === 'agent-event' && isAgentEvent(body.kind)) listener(parsed.instance, body as AgentEvent);
      });
      return () => subscription.unsubscribe();
    },
  };
}
