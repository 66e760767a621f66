/** What cped answers. One switch; every answer is a value, every change durable before it is acknowledged. */
import type { Answer, Bus, Received } from '../../proto/bus.js';
import { type BusError, busError, isBusError } from '../../proto/bus-error.js';
import type { Body, DeployableStatus, Document, Draft, Envelope, GetAudit } from '../../proto/messages.js';
import { type AskerRole, allCpeRequests, parseSubject } from '../../proto/subjects.js';
import { admission } from '../dpe/admission.js';
import { type DeployableRecord, listDeployables, readDeployable } from '../dpe/deployable-record.js';
import type { Authority } from '../identity/authority.js';
import { namePattern } from '../model/deployable.js';
import type { Store } from '../store/store.js';
import { askStatus, forward, isForDpe, poke } from './ask-dpe.js';
import { type AuditLog, type AuditOutcome, openAuditLog } from './audit-log.js';
import { accessOf, authorizeRequest } from './authorize-request.js';
import { listVersions, readVersion } from './definition-versions.js';
import { deleteDeployable } from './delete-deployable.js';
import {
  type Change,
  type ChangeContext,
  createDeployable,
  readDefinition,
  reloadDeployable,
  rollbackDeployable,
  setDesired,
  setSuspended,
  unknownDeployable,
} from './deployables.js';
import type { DpeProcesses } from './dpe-processes.js';
import { answerEvents, answerFailures } from './event-answers.js';
import type { EventWatch } from './event-watch.js';
import { type HostService, openHostService } from './host-service.js';
import {
  createIdentity,
  type IdentityContext,
  listIdentities,
  readIdentity,
  revokeIdentity,
  rotateIdentity,
} from './identities.js';
import { rebootAssembly } from './launcher-wishes.js';
import { gatherInfo, type InfoSources } from './system-info.js';

/** In one message. */
const maxNamed = 20;

export interface CpeOptions extends Omit<InfoSources, 'hosts'> {
  readonly store: Store;
  readonly watch: EventWatch;
  readonly dpes: DpeProcesses;
  readonly bus: Bus;
  /** Makes the credentials of new identities. */
  readonly authority: () => Authority;
  /** Names of the coordinator's own operator and viewer. */
  readonly ownNames: readonly string[];
  /** Where a process of the asker's is connected from; default: nobody knows. */
  readonly whereFrom?: (asker: Asker, incarnation: string) => Promise<string>;
  /** Launcher hosts heard of. */
  readonly knownHosts: () => readonly string[];
}

/** Requests of one operator or viewer. */
const requestRate = { perSecond: 500, burst: 5_000 } as const;

export function serveCpe(options: CpeOptions): void {
  const { store, bus, knownHosts, watch } = options;
  const hosts = openHostService({ store, bus, knownHosts, onEvent: () => watch.wake() });
  const audit = openAuditLog(store);
  const handle = async (received: Received): Promise<Answer> => {
    if (!(await isOurs(options, received.envelope))) return undefined;
    const asker = askerOf(received);
    return 'code' in asker ? asker : answerAsker(options, hosts, audit, { asker, envelope: received.envelope });
  };
  const admits = admission({ ...requestRate, now: () => performance.now() });
  bus.subscribe(allCpeRequests, handle, { concurrency: 512, admits });
}

/** How long whoever stands by waits for its own turn, and how often it looks. */
const longestWaitMs = 30_000;
const turnCheckMs = 100;

/**
 * Of several coordinator machines all hear every request, and the one that leads answers it: one that is cut off or
 * stands still keeps nobody from an answer. What comes while the leader is silent waits for the next one.
 */
async function isOurs({ coordination }: CpeOptions, { body, deadlineUnixMs }: Envelope): Promise<boolean> {
  if (coordination === undefined) return true;
  if (body.kind === 'getInfo' && body.value.machine !== '') return body.value.machine === coordination.machine;
  const until = Math.min(deadlineUnixMs, Date.now() + longestWaitMs);
  while (!coordination.isLeading()) {
    if (!coordination.mayLeadSoon() || Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, turnCheckMs));
  }
  return true;
}

/** Who asks, as the bus has it from their credentials. */
export interface Asker {
  readonly role: AskerRole;
  readonly id: string;
}

/** By the subject, which the bus allows to nobody else. An envelope in another's name is refused. */
function askerOf({ subject, envelope: { sender } }: Received): Asker | BusError {
  const from = parseSubject(subject);
  if (from?.kind !== 'cpe-request') return busError('refused', `${subject} is no subject of requests`);
  const { role, id } = from;
  if (sender.role === role && sender.id === id) return { role, id };
  const claimed = JSON.stringify(`${sender.role} ${sender.id}`.slice(0, 200));
  return busError('refused', `the credentials are those of "${role} ${id}", the message says ${claimed}`);
}

interface Question {
  readonly asker: Asker;
  readonly envelope: Envelope;
}

/** What changes something is in the audit log before it is done, and what came of it before it is answered. */
async function answerAsker(
  options: CpeOptions,
  hosts: HostService,
  audit: AuditLog,
  question: Question,
): Promise<Answer> {
  const { asker, envelope } = question;
  const { body } = envelope;
  const { deployables: scope = [] } = (await readIdentity(options.store, asker.id)) ?? {};
  const refusal = authorizeRequest(asker, body.kind, nameIn(body), scope);
  if (body.kind === 'getAudit') return refusal ?? answerAudit(audit, body.value);
  const access = accessOf(body.kind);
  if (access === undefined || access === 'reading') return refusal ?? answer(options, hosts, question);
  const begun = await audit.begin({
    time: Date.now(),
    who: `${asker.role} ${asker.id}`,
    what: body.kind,
    deployable: nameIn(body).slice(0, maxAuditedLength),
    subject: subjectIn(body).slice(0, maxAuditedLength),
  });
  if (begun.kind === 'unavailable') {
    return busError('unavailable', `nothing was done: the audit log takes no entry: ${begun.reason}`);
  }
  const from = options.whereFrom?.(asker, envelope.sender.incarnation);
  const answered = refusal ?? (await answer(options, hosts, question));
  await begun.end({ ...outcomeOf(answered), from: (await from) ?? '' });
  return answered;
}

function outcomeOf(answered: Answer): Omit<AuditOutcome, 'from'> {
  if (isBusError(answered)) return { outcome: 'refused', reason: answered.message };
  const deployable = answered?.kind === 'deployableChanged' ? answered.value.name : undefined;
  return { outcome: 'done', reason: '', ...(deployable === undefined ? {} : { deployable }) };
}

const maxAuditedLength = 200;

/** What of a deployable, or which launcher host or identity, a request is about. */
function subjectIn({ kind, value }: Body): string {
  if (isAboutIdentity(kind) && 'name' in value && typeof value.name === 'string') return value.name;
  const words = ['assembly', 'resource', 'host', 'instance'] as const;
  const found = words.map((word) => (word in value ? (value as Record<string, unknown>)[word] : undefined));
  return found.find((each): each is string => typeof each === 'string' && each !== '') ?? '';
}

function isAboutIdentity(kind: Body['kind']): boolean {
  return kind === 'authCreate' || kind === 'authRevoke' || kind === 'authRotate';
}

const maxAudited = 1_000;

async function answerAudit(audit: AuditLog, { since, limit, deployable }: GetAudit): Promise<Answer> {
  const wanted = Math.min(maxAudited, limit === 0 ? maxAudited : limit);
  const { entries, lastSeq } = await audit.read({ since, limit: wanted, deployable });
  const told = entries.map(({ time, ...entry }) => ({ ...entry, timeUnixMs: time }));
  return { kind: 'auditList', value: { entries: told, lastSeq } };
}

async function answer(options: CpeOptions, hosts: HostService, { asker, envelope }: Question): Promise<Answer> {
  const { store } = options;
  const { body } = envelope;
  const by = `${asker.role} ${asker.id}`;
  const { maxDeployables } = options.config;
  const name = nameIn(body);
  if (name !== '' && !namePattern.test(name)) {
    const shown = JSON.stringify(name.slice(0, 70));
    return busError('invalid-request', `${shown} is no name of a deployable (${namePattern.source})`);
  }
  const context: ChangeContext = { store, maxDeployables, by, now: Date.now() };
  if (isForDpe(body.kind)) return passOn(options, name, envelope);
  switch (body.kind) {
    case 'createDeployable': {
      const given = givenIn(body.value);
      return given === undefined ? noDocument() : changed(options, await createDeployable(context, given));
    }
    case 'reloadDeployable': {
      const given = givenIn(body.value);
      return given === undefined ? noDocument() : changed(options, await reloadDeployable(context, name, given));
    }
    case 'rollbackDeployable':
      return changed(options, await rollbackDeployable(context, name, body.value));
    case 'planDeployable':
      return plan(options, name, envelope, body.value.document);
    case 'deployableHistory':
      return history(store, name);
    case 'getVersion':
      return definition(store, name, body.value.revision);
    case 'startDeployable':
      return setRunning(options, context, name);
    case 'stopDeployable':
      return setStopped(options, context, name, body.value.force);
    case 'deleteDeployable':
      return deleteDeployable(options, context, name);
    case 'suspend':
    case 'resume': {
      const names = await setSuspended(context, body.kind === 'suspend');
      await Promise.all(names.map((each) => poke(options.bus, each)));
      return { kind: 'ack', value: {} };
    }
    case 'listDeployables':
      return listAll(options, (await readIdentity(store, asker.id))?.deployables ?? []);
    case 'authCreate':
      return createIdentity(identities(options, by), body.value);
    case 'authRevoke':
      return revokeIdentity(identities(options, by), body.value.name);
    case 'authRotate':
      return rotateIdentity(identities(options, by), body.value);
    case 'authList':
      return listIdentities(store, body.value.instances, Date.now());
    case 'getDefinition':
      return definition(store, name, 0);
    case 'getEvents':
      return answerEvents(store, options.watch, body.value);
    case 'getFailures':
      return answerFailures(store, body.value);
    case 'getInfo':
      return { kind: 'info', value: await gatherInfo({ ...options, hosts: options.knownHosts() }) };
    case 'getStatus':
      return status(options, name);
    case 'hostList':
      return hosts.list();
    case 'hostStatus':
      return hosts.status(body.value.host);
    case 'hostDrain':
      return hosts.drain(body.value.host, !body.value.off, by);
    case 'hostConfirmDead':
      return hosts.confirmDead(body.value, by);
    case 'hostAdoptOrphan':
      return hosts.adoptOrphan(body.value, by);
    case 'assemblyReboot':
      return rebootAssembly(
        { ...options, onEvent: () => options.watch.wake() },
        { deployable: name, assembly: body.value.assembly, by },
      );
    case 'hostFencer':
      return hosts.setFencer(body.value, by);
    default:
      return busError('invalid-request', `cped does not answer "${body.kind}"`);
  }
}

/** The deployable that a request is about; empty where it is about none or all. */
function nameIn({ kind, value }: Body): string {
  if (isAboutIdentity(kind)) return '';
  // A simulation names its deployable, and by `name` what is to fail in it.
  if ('deployable' in value && typeof value.deployable === 'string') return value.deployable;
  return 'name' in value && typeof value.name === 'string' ? value.name : '';
}

function givenIn({ document, comment }: { readonly document?: Document | undefined; readonly comment: string }) {
  return document === undefined ? undefined : { document, comment };
}

function noDocument(): Answer {
  return busError('invalid-request', 'no document');
}

async function passOn({ store, bus }: CpeOptions, name: string, envelope: Envelope): Promise<Answer> {
  if ((await readDeployable(store, name)) === undefined) return unknownDeployable(store, name);
  return forward(bus, name, envelope);
}

async function plan(
  options: CpeOptions,
  name: string,
  envelope: Envelope,
  document: Document | undefined,
): Promise<Answer> {
  if (document === undefined) return noDocument();
  const read = readDefinition(name, document);
  return read.kind === 'refused' ? read.error : passOn(options, name, envelope);
}

async function history(store: Store, name: string): Promise<Answer> {
  const found = await readDeployable(store, name);
  if (found === undefined) return unknownDeployable(store, name);
  return { kind: 'deployableVersions', value: { versions: await listVersions(store, found.record) } };
}

/** A repeated start resumes what was halted and tries again what failed; where everything runs, it does nothing. */
async function setRunning(options: CpeOptions, context: ChangeContext, name: string): Promise<Answer> {
  const found = await readDeployable(options.store, name);
  if (found === undefined) return unknownDeployable(options.store, name);
  const { state, revision, isSuspended } = found.record.desired;
  const known = state === 'running' && !isSuspended ? await askStatus(options.bus, name) : undefined;
  const isAtRest = known?.condition === 'running' && known.settled && known.desiredRevision === revision;
  return changed(options, await setDesired(context, name, { state: 'running', isAtRest }));
}

/** What is unmanaged, or in maintenance, is stopped only on an operator's explicit word. */
async function setStopped(options: CpeOptions, context: ChangeContext, name: string, force: boolean): Promise<Answer> {
  const unmanaged = force ? [] : ((await askStatus(options.bus, name))?.unmanaged ?? []);
  if (unmanaged.length > 0) {
    const named = unmanaged.slice(0, maxNamed).join(', ') + (unmanaged.length > maxNamed ? ', ...' : '');
    const message = `deployable "${name}" has resources that are not managed (${named}), which a stop would stop as well; if it is to, say so: cpectl deployable stop ${name} --force`;
    return busError('conflict', message, { details: { unmanaged: unmanaged.join(' ').slice(0, 1_000) } });
  }
  return changed(options, await setDesired(context, name, { state: 'stopped', isAtRest: true }));
}

async function changed(options: CpeOptions, change: Change): Promise<Answer> {
  if (change.kind === 'refused') return change.error;
  const { record } = change;
  if (change.isNew) options.dpes.look();
  options.watch.wake();
  if (change.isChanged) await poke(options.bus, record.name);
  return {
    kind: 'deployableChanged',
    value: {
      name: record.name,
      revision: record.definition.revision,
      desired: record.desired.state,
      desiredRevision: record.desired.revision,
      warnings: change.warnings,
      changed: change.isChanged,
      lastSeq: change.lastSeq,
    },
  };
}

function identities({ store, authority, ownNames }: CpeOptions, by: string): IdentityContext {
  return { store, authority: authority(), ownNames, by, now: Date.now() };
}

/** @param scope names; empty: all */
async function listAll(options: CpeOptions, scope: readonly string[]): Promise<Answer> {
  const all = await listDeployables(options.store);
  const records = scope.length === 0 ? all : all.filter(({ name }) => scope.includes(name));
  const deployables = await Promise.all(
    records.map(async (record) => {
      const known = await askStatus(options.bus, record.name);
      const assemblies = known?.assemblies ?? [];
      return {
        name: record.name,
        desired: record.desired.state,
        condition: known?.condition ?? 'unknown',
        reason: known === undefined ? 'its DPE does not answer' : reasonOf(known),
        assemblies: assemblies.length,
        resources: assemblies.reduce((sum, { resources }) => sum + resources.length, 0),
        revision: record.definition.revision,
        createdUnixMs: record.createdAt,
      };
    }),
  );
  return { kind: 'deployableList', value: { deployables } };
}

function reasonOf({ reason, maintenance }: DeployableStatus): string {
  return [reason, maintenance ? 'in maintenance' : ''].filter((part) => part !== '').join('; ');
}

/** `revision` 0: the one in force. */
async function definition(store: Store, name: string, revision: number): Promise<Answer> {
  const found = await readDeployable(store, name);
  if (found === undefined) return unknownDeployable(store, name);
  const version = await readVersion(store, found.record, revision || found.record.definition.revision);
  if (version === undefined) {
    const see = `cpectl deployable history ${name} shows those there are`;
    return busError('invalid-request', `revision ${revision} of "${name}" is not kept; ${see}`);
  }
  const { revision: its, ...document } = version;
  return { kind: 'definition', value: { name, revision: its, document } };
}

async function status(options: CpeOptions, name: string): Promise<Answer> {
  const found = await readDeployable(options.store, name);
  if (found === undefined) return unknownDeployable(options.store, name);
  const known = await askStatus(options.bus, name);
  const { machine = '' } = found.record;
  return { kind: 'deployableStatus', value: { ...(known ?? unansweredStatus(found.record)), machine } };
}

function unansweredStatus({ name, desired, definition: { revision } }: DeployableRecord): Draft<DeployableStatus> {
  return { name, desired: desired.state, condition: 'unknown', reason: 'its DPE does not answer (yet)', revision };
}
