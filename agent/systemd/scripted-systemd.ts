/** A systemd on a private bus that does what a test says. */
import type { EventEmitter } from 'node:events';
import { Message, sessionBus, Variant } from '@jellybrick/dbus-next';
import { managerInterface, propertiesInterface, systemdName, systemdPath } from './systemd-calls.js';
import { unitPath } from './unit-name.js';
import { serviceInterface, unitInterface } from './unit-properties.js';

export interface ScriptedSystemd {
  /** Members called, in order, without those of org.freedesktop.DBus.Properties. */
  readonly calls: readonly string[];
  /** Changes properties of a unit and tells of it as systemd does: of the service first, then of the unit. */
  change(unit: string, properties: { readonly unit?: Properties; readonly service?: Properties }): void;
  /** JobRemoved. */
  endJob(path: string, unit: string, result: string): void;
  /** Answers a method of the manager or of a job; what is not answered here is answered by default. */
  answer(member: string, answer: (call: Message) => Message | 'nothing'): void;
  reply(call: Message, signature: string, ...body: unknown[]): Message;
  error(call: Message, name: string): Message;
  /** Leaves the bus, as it does to execute itself anew. */
  leave(): Promise<void>;
}

type Properties = Readonly<Record<string, Variant>>;

/** Units are inactive services unless told otherwise, until they are changed; queued jobs have the path of job 7 and stay. */
export async function scriptedSystemd(
  address: string,
  states: Readonly<Record<string, { readonly unit: Properties; readonly service: Properties }>> = {},
): Promise<ScriptedSystemd> {
  const bus = sessionBus({ busAddress: address });
  (bus as EventEmitter).on('error', () => undefined);
  const calls: string[] = [];
  const answers = new Map<string, (call: Message) => Message | 'nothing'>();
  const units = new Map(
    Object.entries(states).map(([name, { unit, service }]) => [
      unitPath(name),
      { unit: { ...inactive, ...unit }, service: { ...neverRun, ...service } },
    ]),
  );

  const reply = (call: Message, signature: string, ...body: unknown[]) =>
    Message.newMethodReturn(call, signature, body);
  const error = (call: Message, name: string) => Message.newError(call, name, `scripted ${name}`);

  function propertiesOf(path: string, of: unknown): Properties {
    const known = units.get(path) ?? { unit: inactive, service: neverRun };
    return of === serviceInterface ? known.service : known.unit;
  }

  function answerProperties(call: Message): Message {
    const [of, name] = call.body;
    const properties = propertiesOf(call.path, of);
    if (call.member === 'GetAll') return reply(call, 'a{sv}', properties);
    const value = properties[String(name)];
    return value === undefined ? error(call, 'org.freedesktop.DBus.Error.UnknownProperty') : reply(call, 'v', value);
  }

  function answerDefault(call: Message): Message {
    return /^(Start|Stop|Restart|Reload)Unit$/.test(call.member)
      ? reply(call, 'o', `${systemdPath}/job/7`)
      : reply(call, '');
  }

  bus.addMethodHandler((call: Message) => {
    const own = answers.get(call.member);
    if (call.interface !== propertiesInterface) calls.push(call.member);
    if (own !== undefined) {
      const answer = own(call);
      if (answer !== 'nothing') bus.send(answer);
      return true;
    }
    bus.send(call.interface === propertiesInterface ? answerProperties(call) : answerDefault(call));
    return true;
  });
  await bus.requestName(systemdName);

  return {
    calls,
    change(name, { unit = {}, service = {} }) {
      const path = unitPath(name);
      const before = units.get(path) ?? { unit: inactive, service: neverRun };
      units.set(path, { unit: { ...before.unit, ...unit }, service: { ...before.service, ...service } });
      for (const [of, changed] of [
        [serviceInterface, service],
        [unitInterface, unit],
      ] as const) {
        bus.send(Message.newSignal(path, propertiesInterface, 'PropertiesChanged', 'sa{sv}as', [of, changed, []]));
      }
    },
    endJob(path, unit, result) {
      bus.send(Message.newSignal(systemdPath, managerInterface, 'JobRemoved', 'uoss', [7, path, unit, result]));
    },
    answer: (member, answer) => answers.set(member, answer),
    reply,
    error,
    async leave() {
      await bus.releaseName(systemdName);
      bus.disconnect();
    },
  };
}

const text = (value: string): Variant => new Variant('s', value);

const inactive: Properties = {
  LoadState: text('loaded'),
  ActiveState: text('inactive'),
  SubState: text('dead'),
  Job: new Variant('(uo)', [0, '/']),
};

const neverRun: Properties = {
  Result: text('success'),
  MainPID: new Variant('u', 0),
  ExecMainStatus: new Variant('i', 0),
  Restart: text('no'),
};

/** Properties of a service that runs. */
export function running(mainPid: number): { readonly unit: Properties; readonly service: Properties } {
  return {
    unit: { ActiveState: text('active'), SubState: text('running') },
    service: { MainPID: new Variant('u', mainPid) },
  };
}

/** Properties of a service whose process was killed. */
export const killed: { readonly unit: Properties; readonly service: Properties } = {
  unit: { ActiveState: text('failed'), SubState: text('failed') },
  service: { Result: text('signal'), MainPID: new Variant('u', 0), ExecMainStatus: new Variant('i', 9) },
};
