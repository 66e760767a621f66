import type { Command } from 'commander';
import { parseInstanceId } from '../../../proto/instance-id.js';
import type { ProcessInfo } from '../../../proto/messages.js';
import { type Agents, agentsOn } from '../agents.js';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { parseName } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { agentListJson, type ListedAgent, renderAgentList } from '../views/agent-list-view.js';

/** An agent that has not answered by then is listed as one that does not. */
const answerMs = 3_000;

/** `agent list`: the agents of all running instances, or of one deployable's. */
export function registerAgentList(group: Command, terminal: Terminal): void {
  group
    .command('list')
    .description('the agents of all running instances: where they are, what they are, and how they do')
    .argument('[deployable]', 'only the agents of this deployable', parseName)
    .addHelpText('after', examplesText(['cpectl agent list', 'cpectl agent list shop --json']))
    .action((deployable: string | undefined, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator, bus) => {
          if (deployable !== undefined) {
            const known = await coordinator.ask('getStatus', { deployable });
            if (known.kind === 'error') return explainError(known.error);
          }
          const answered = await coordinator.ask('getInfo', {});
          if (answered.kind === 'error') return explainError(answered.error);
          const running = answered.value.processes.filter(
            (each) => each.role === 'agent' && (deployable === undefined || each.deployable === deployable),
          );
          const agents = agentsOn(bus);
          const listed = await Promise.all(running.map((each) => look(agents, each)));
          listed.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
          if (options.json) printJson(terminal, listed.map(agentListJson));
          else if (listed.length > 0) terminal.out.write(renderAgentList(listed, Date.now(), terminal.out.colors));
          else terminal.err.write('no instance runs\n');
          return done;
        }),
      ),
    );
}

async function look(agents: Agents, agent: ProcessInfo): Promise<ListedAgent> {
  const instance = parseInstanceId(agent.name);
  if (instance === undefined) return { agent, description: undefined };
  const answered = await agents.call(instance, 'agentDescribe', { value: {}, deadlineMs: answerMs });
  return { agent, description: answered.kind === 'answer' ? answered.value : undefined };
}

function nameOf({ agent: { deployable, assembly } }: ListedAgent): string {
  return `${deployable}/${assembly}`;
}
