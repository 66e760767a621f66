import { createHash } from 'node:crypto';
import { type InstanceId, isName, parseInstanceId, renderInstanceId } from './instance-id.js';
import type { Role } from './messages.js';

declare const brand: unique symbol;
/** A subject that messages are sent to: every token validated, no wildcard. */
export type Subject = string & { readonly [brand]: 'subject' };
/** What a subscription listens to: a subject, or one with wildcards from this file. */
export type SubjectPattern = string & { readonly [brand]: 'subject' | 'pattern' };

/**
 * The only place that builds subjects. The functions throw RangeError when a name is none (a mistake of the caller):
 * a name can therefore never become a wildcard or reach into someone else's subjects.
 */
const ROOT = 'cpe.v1';

/** Who asks the Cloud Policy Engine: a person, or a program in a person's place. */
export type AskerRole = 'operator' | 'viewer';

/**
 * Requests of one identity to the Cloud Policy Engine. Its credentials allow an identity no other request subject than its
 * own, so who asks is proven by the subject, and by nothing that a message says.
 */
export function cpeRequest(role: AskerRole, id: string): Subject {
  return subject(`cpe.main.request.${role}.${name(id)}`);
}

/** Requests of everyone to the Cloud Policy Engine. */
export const allCpeRequests = pattern('cpe.main.request.*.*');

/** Requests of cpectl and cped to the DPE of a deployable. */
export function dpeRequest(deployable: string): Subject {
  return subject(`dpe.${name(deployable)}.request`);
}

/** Orders of a DPE to the launcher of a launcher host. */
export function launcherOrder(host: string): Subject {
  return subject(`launcher.${name(host)}.order`);
}

/** Questions to a launcher that change nothing (ListInstances). */
export function launcherList(host: string): Subject {
  return subject(`launcher.${name(host)}.list`);
}

/** Beats of a launcher, for everyone. */
export function launcherBeat(host: string): Subject {
  return subject(`launcher.${name(host)}.beat`);
}

/** Reports of a launcher to the DPE of one deployable. */
export function launcherReport(host: string, deployable: string): Subject {
  return subject(`launcher.${name(host)}.report.${name(deployable)}`);
}

/** Orders of the DPE to the agent of one instance. */
export function agentOrder(instance: InstanceId): Subject {
  return agent(instance, 'order');
}

export function agentRegister(instance: InstanceId): Subject {
  return agent(instance, 'register');
}

export function agentHeartbeat(instance: InstanceId): Subject {
  return agent(instance, 'heartbeat');
}

export function agentReport(instance: InstanceId): Subject {
  return agent(instance, 'report');
}

/** Questions and wishes of an operator to the agent of one instance (matahari.proto). */
export function agentCall(instance: InstanceId): Subject {
  return agent(instance, 'call');
}

/** An agent's wish for credentials that last longer. */
export function agentRenew(instance: InstanceId): Subject {
  return agent(instance, 'renew');
}

/** What happens to the machine of one instance, as its agent sees it (Matahari's events), for everyone. */
export function agentEvent(instance: InstanceId): Subject {
  return agent(instance, 'event');
}

/** Committed events of one deployable. */
export function events(deployable: string): Subject {
  return subject(`events.${name(deployable)}`);
}

/** What the DPE of one deployable hears of its instances, for all DPEs. */
export function silenceCount(deployable: string): Subject {
  return subject(`silence.${name(deployable)}`);
}

/** What agents send: registrations, heartbeats, reports, events of their machines, wishes for new credentials. */
export type AgentChannel = 'register' | 'heartbeat' | 'report' | 'event' | 'renew';

/** One channel of all agents of a deployable. */
export function allAgents(deployable: string, channel: AgentChannel): SubjectPattern {
  return pattern(`agent.${name(deployable)}.*.*.*.${channel}`);
}

/** Calls to all agents of a deployable, for permissions. */
export function allAgentCalls(deployable: string): SubjectPattern {
  return pattern(`agent.${name(deployable)}.*.*.*.call`);
}

/** What one launcher reports about all deployables, for permissions. */
export function reportsOfLauncher(host: string): SubjectPattern {
  return pattern(`launcher.${name(host)}.report.*`);
}

export const allLauncherBeats = pattern('launcher.*.beat');

/** Reports of all launchers about one deployable. */
export function allLauncherReports(deployable: string): SubjectPattern {
  return pattern(`launcher.*.report.${name(deployable)}`);
}

export const allEvents = pattern('events.*');

export const allSilenceCounts = pattern('silence.*');

/** Role-wide patterns, for permissions: what a role may publish and subscribe before identities narrow it. */
export const rolePatterns = {
  dpeRequests: pattern('dpe.*.request'),
  launcherOrders: pattern('launcher.*.order'),
  launcherLists: pattern('launcher.*.list'),
  launcherBeats: allLauncherBeats,
  launcherReports: pattern('launcher.*.report.*'),
  agentOrders: pattern('agent.*.*.*.*.order'),
  agentRegistrations: pattern('agent.*.*.*.*.register'),
  agentHeartbeats: pattern('agent.*.*.*.*.heartbeat'),
  agentReports: pattern('agent.*.*.*.*.report'),
  agentCalls: pattern('agent.*.*.*.*.call'),
  agentEvents: pattern('agent.*.*.*.*.event'),
  agentRenewals: pattern('agent.*.*.*.*.renew'),
  events: allEvents,
  silenceCounts: allSilenceCounts,
} as const satisfies Record<string, SubjectPattern>;

/** Where replies to one process come in: one prefix per identity and process, so that nobody hears another's answers. */
export interface Inbox {
  /** To subscribe to. */
  readonly pattern: SubjectPattern;
  /** The reply subject of one request; `token` of letters and digits. */
  readonly reply: (token: string) => string;
}

/**
 * `id`: of the identity, any text (it stands in the subject as a hash); `incarnation`: of the process, letters and digits.
 * @throws RangeError when `incarnation` is no such token.
 */
export function inbox(role: Role, id: string, incarnation: string): Inbox {
  if (!/^[a-z0-9]{1,64}$/.test(incarnation)) throw new RangeError(`not a token: ${JSON.stringify(incarnation)}`);
  const prefix = `${INBOX}${role}.${inboxToken(id)}.${incarnation}`;
  return { pattern: `${prefix}.*` as SubjectPattern, reply: (token) => `${prefix}.${token}` };
}

/** All inboxes of one identity, for permissions. */
export function inboxesOf(role: Role, id: string): SubjectPattern {
  return `${INBOX}${role}.${inboxToken(id)}.>` as SubjectPattern;
}

/** Whether a reply subject is one: nobody is to be made to say something elsewhere by being asked. */
export function isInbox(reply: string): boolean {
  return reply.startsWith(INBOX);
}

const INBOX = '_INBOX.';

/** An identity's name may be long, and have dots in it. */
function inboxToken(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 24);
}

export type ParsedSubject =
  | { readonly kind: 'cpe-request'; readonly role: AskerRole; readonly id: string }
  | { readonly kind: 'dpe-request'; readonly deployable: string }
  | { readonly kind: 'launcher-order' | 'launcher-list' | 'launcher-beat'; readonly host: string }
  | { readonly kind: 'launcher-report'; readonly host: string; readonly deployable: string }
  | {
      readonly kind: `agent-${Channel}`;
      readonly instance: InstanceId;
    }
  | { readonly kind: 'events' | 'silence'; readonly deployable: string };

/** What a received subject says; undefined when it is none of ours. */
export function parseSubject(text: string): ParsedSubject | undefined {
  if (!text.startsWith(`${ROOT}.`)) return undefined;
  const [family = '', ...tokens] = text.slice(ROOT.length + 1).split('.');
  const [first = '', second = '', third = ''] = tokens;
  switch (family) {
    case 'cpe':
      return parseCpeRequest(tokens);
    case 'dpe':
      return tokens.length === 2 && isName(first) && second === 'request'
        ? { kind: 'dpe-request', deployable: first }
        : undefined;
    case 'launcher':
      if (!isName(first)) return undefined;
      if (tokens.length === 3 && second === 'report' && isName(third)) {
        return { kind: 'launcher-report', host: first, deployable: third };
      }
      if (tokens.length !== 2) return undefined;
      return second === 'order' || second === 'list' || second === 'beat'
        ? { kind: `launcher-${second}`, host: first }
        : undefined;
    case 'agent':
      return parseAgentSubject(tokens);
    case 'events':
    case 'silence':
      return tokens.length === 1 && isName(first) ? { kind: family, deployable: first } : undefined;
    default:
      return undefined;
  }
}

function parseCpeRequest([main, request, role, id = '', ...rest]: readonly string[]): ParsedSubject | undefined {
  if (main !== 'main' || request !== 'request' || rest.length > 0 || !isName(id)) return undefined;
  return role === 'operator' || role === 'viewer' ? { kind: 'cpe-request', role, id } : undefined;
}

function parseAgentSubject(tokens: readonly string[]): ParsedSubject | undefined {
  const instance = parseInstanceId(tokens.slice(0, 4).join('.'));
  const channel = tokens[4];
  if (instance === undefined || tokens.length !== 5) return undefined;
  return isChannel(channel) ? { kind: `agent-${channel}`, instance } : undefined;
}

const channels = ['order', 'call', 'register', 'heartbeat', 'report', 'event', 'renew'] as const;
type Channel = (typeof channels)[number];

function isChannel(text: string | undefined): text is Channel {
  return channels.some((channel) => channel === text);
}

function agent(instance: InstanceId, channel: Channel): Subject {
  return subject(`agent.${renderInstanceId(instance)}.${channel}`);
}

function name(text: string): string {
  if (!isName(text)) throw new RangeError(`not a name: ${JSON.stringify(text)}`);
  return text;
}

function subject(rest: string): Subject {
  return `${ROOT}.${rest}` as Subject;
}

function pattern(rest: string): SubjectPattern {
  return `${ROOT}.${rest}` as SubjectPattern;
}
