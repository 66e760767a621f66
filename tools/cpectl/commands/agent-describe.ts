import type { Command } from 'commander';
import { agentJson } from '../agent-method.js';
import { agentsOn } from '../agents.js';
import { withCoordinator } from '../coordinator.js';
import { done } from '../exit-code.js';
import { explainAgentError, findAgent } from '../find-agent.js';
import { printJson, runCommand } from '../run-command.js';
import { type SubjectOptions, subjectCommand } from '../subject-command.js';
import { readSubjectWords } from '../subject-words.js';
import type { Terminal } from '../terminal.js';
import { renderDescription, renderManaged } from '../views/agent-description-view.js';
import { momentsTwice } from '../views/times.js';

const answerMs = 10_000;

/** `agent describe`: an agent and what it manages, in its own words. */
export function registerAgentDescribe(group: Command, terminal: Terminal): void {
  subjectCommand(group, {
    name: 'describe',
    kind: 'assembly',
    description:
      'an agent and its resources: what is seen at once and what only a monitor sees, when the next monitor is due, the last operation',
    examples: [
      'cpectl agent describe web',
      'cpectl agent describe shop web.nginx',
      'cpectl agent describe shop/web --json',
    ],
  })
    .usage('[options] [deployable] <assembly>[.<resource>]')
    .action((words: readonly string[], given: SubjectOptions, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const read = readSubjectWords(words, { deployable: given.deployable });
        if (read.kind === 'failure') return read;
        return withCoordinator(options, async (coordinator, bus) => {
          const agent = await findAgent(coordinator, read);
          if (agent.kind === 'failure') return agent;
          const { instance, resource } = agent;
          const asked = { value: { resource }, deadlineMs: options.timeoutMs ?? answerMs };
          const answered = await agentsOn(bus).call(instance, 'agentDescribe', asked);
          if (answered.kind === 'error') return explainAgentError(answered.error, agent);
          const description = answered.value;
          const { out } = terminal;
          const [managed] = description.resources;
          if (options.json) printJson(terminal, { ...agentJson(agent), ...momentsTwice(description) });
          else if (resource !== '' && managed !== undefined) out.write(renderManaged(managed, Date.now(), out.colors));
          else out.write(renderDescription(description, Date.now(), out.colors));
          return done;
        });
      }),
    );
}
