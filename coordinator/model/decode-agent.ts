import type { ResourceAgent } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import { quote, readFields, readText } from './read-tree.js';
import type { Report } from './report.js';

/** `ocf:heartbeat:nginx` and the like, or its parts in a map (as the XML vocabulary gives them). */
export function readAgent(report: Report, tree: Tree): ResourceAgent {
  if (tree.kind === 'map') {
    const parts = readFields(report, tree, ['class', 'provider', 'type'] as const);
    const text = (part: Tree | undefined) => part && readText(report, part, 'a name');
    const [agentClass, provider, type] = [text(parts.class), text(parts.provider), text(parts.type)];
    if (agentClass === undefined || type === undefined) return unknownAgent;
    const places = { class: parts.class ?? tree, provider: parts.provider ?? tree, type: parts.type ?? tree };
    return checkAgent(report, { agentClass, provider, type }, places);
  }
  const text = readText(report, tree, agentForm);
  if (text === undefined) return unknownAgent;
  const [agentClass = '', ...rest] = text.split(':');
  const provider = agentClass === 'ocf' && rest.length > 1 ? rest.shift() : undefined;
  return checkAgent(
    report,
    { agentClass, provider, type: rest.join(':') },
    { class: tree, provider: tree, type: tree },
  );
}

const agentClasses = ['ocf', 'systemd', 'lsb', 'service'] as const;
const agentForm = 'ocf:PROVIDER:TYPE, systemd:UNIT, lsb:NAME, service:NAME';
/** A part of a path under the agents' directories: a plain file name that is neither hidden nor a way out. */
const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.+@-]{0,127}$/;
const fileNameForm = 'a file name of letters, digits and _ . + @ -';
/** systemd.unit(5); the suffix `.service` may be left out, and counts all the same. */
const unitName = /^[A-Za-z0-9_:\\-][A-Za-z0-9_:.\\@-]{0,246}$/;
const unitNameForm = 'the name of a unit: letters, digits and _ : . \\ @ -';
const template = /^[^@]+@(?:\.[a-z]+)?$/;

/** What an agent that could not be read stands for until its problem is reported. */
export const unknownAgent: ResourceAgent = { class: 'service', type: 'unknown' };

function checkAgent(
  report: Report,
  agent: { readonly agentClass: string; readonly provider: string | undefined; readonly type: string },
  places: { readonly class: Located; readonly provider: Located; readonly type: Located },
): ResourceAgent {
  const { provider, type } = agent;
  const agentClass = agentClasses.find((candidate) => candidate === agent.agentClass);
  if (agentClass === undefined) {
    const classes = [...agentClasses, 'exec'];
    const hint = didYouMean(agent.agentClass, classes);
    report.error(
      places.class,
      `the class ${quote(agent.agentClass)} is unknown${hint}`,
      `${agentForm}; exec for a command`,
    );
    return unknownAgent;
  }
  if (type === '') report.error(places.type, 'the agent has no type', agentForm);
  else checkType(report, agentClass, type, places.type);
  if (agentClass !== 'ocf') return { class: agentClass, type };
  if (provider === undefined || provider === '') {
    report.error(places.provider, 'an ocf agent has a provider', 'ocf:PROVIDER:TYPE, for example ocf:heartbeat:nginx');
  } else if (!fileName.test(provider)) {
    report.error(places.provider, `the provider ${quote(provider)} is not allowed`, fileNameForm);
  }
  return { class: agentClass, provider: provider ?? '', type };
}

function checkType(report: Report, agentClass: ResourceAgent['class'], type: string, place: Located): void {
  // What is no init script is a unit.
  const mayBeUnit = agentClass === 'systemd' || agentClass === 'service';
  const isUnit = mayBeUnit && unitName.test(type);
  if (isUnit && template.test(type)) {
    report.error(
      place,
      `the unit ${quote(type)} is a template`,
      `an instance of it: ${type.replace('@', '@INSTANCE')}`,
    );
  } else if (!isUnit && (agentClass === 'systemd' || !fileName.test(type))) {
    report.error(place, `the type ${quote(type)} is not allowed`, mayBeUnit ? unitNameForm : fileNameForm);
  }
}
