import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Variant } from '@jellybrick/dbus-next';
import { type DialectTraits, ServiceError, type ServiceObject, type ServiceProperty } from './matahari-dbus-dialect.js';
import { resourcesMethods, servicesMethods } from './matahari-dbus-services.js';
import { configure, download, hostFacts, type ScriptedMachine } from './matahari-scripted-machine.js';

/** Every object of the five interfaces; a new set is a new start of the services. */
export function matahariObjects(machine: ScriptedMachine, traits: DialectTraits): readonly ServiceObject[] {
  const { hasGetAll, errors } = traits;
  const made = (name: string, path: string, rest: Pick<ServiceObject, 'methods' | 'properties' | 'close'>) => ({
    name: `org.matahariproject.${name}`,
    path: `/org/matahariproject/${path}`,
    hasGetAll,
    errors,
    ...rest,
  });
  const { methods: serviceMethods } = servicesMethods(machine, traits);
  const resources = resourcesMethods(machine, traits);
  const properties = objectProperties(machine);
  return [
    made('Host', 'Host', { methods: hostMethods(machine, traits), properties: hostProperties(machine, traits) }),
    made('Services', 'Services', { methods: serviceMethods, properties }),
    made('Resources', traits.hasOneServicesObject ? 'Services' : 'Resources', { ...resources, properties }),
    made('Network', 'Network', { methods: networkMethods(machine, traits), properties }),
    made('Sysconfig', 'Sysconfig', {
      methods: sysconfigMethods(machine, traits),
      properties: { ...properties, is_postboot_configured: postbootProperty(machine, traits) },
    }),
  ];
}

function objectProperties(machine: ScriptedMachine): Readonly<Record<string, ServiceProperty>> {
  return {
    uuid: { type: 's', get: () => machine.uuids.filesystem },
    hostname: { type: 's', get: () => hostFacts().hostname },
  };
}

function hostProperties(machine: ScriptedMachine, { byte, maps, unsigned }: DialectTraits) {
  let updateInterval = 5;
  const fact = (type: string, name: keyof ReturnType<typeof hostFacts>, sent = type): ServiceProperty => ({
    type,
    sent,
    get: () => hostFacts()[name],
  });
  const map = (name: 'load' | 'process_statistics', numbers: 'd' | 'i'): ServiceProperty => ({
    type: 'a{sv}',
    sent: maps === 'variants' ? 'a{sv}' : `a{s${numbers}}`,
    get: () => {
      const entries = Object.entries(hostFacts()[name]);
      if (maps === 'numbers') return Object.fromEntries(entries);
      return Object.fromEntries(entries.map(([key, value]) => [key, new Variant(numbers, value)]));
    },
  });
  return {
    ...objectProperties(machine),
    custom_uuid: { type: 's', get: () => machine.uuids.custom || 'not-available' },
    os: fact('s', 'os'),
    arch: fact('s', 'arch'),
    wordsize: fact('y', 'wordsize', byte),
    memory: fact('t', 'memory'),
    swap: fact('t', 'swap'),
    cpu_count: fact('y', 'cpu_count', byte),
    cpu_cores: fact('y', 'cpu_cores', byte),
    cpu_model: fact('s', 'cpu_model'),
    cpu_flags: fact('s', 'cpu_flags'),
    update_interval: {
      type: unsigned,
      get: () => updateInterval,
      set: (seconds: number) => {
        updateInterval = seconds;
      },
    },
    last_updated: { type: 'i', get: () => 0 },
    sequence: { type: 'u', get: () => 0 },
    free_mem: fact('t', 'free_mem'),
    free_swap: fact('t', 'free_swap'),
    load: map('load', 'd'),
    process_statistics: map('process_statistics', 'i'),
  } satisfies Readonly<Record<string, ServiceProperty>>;
}

function hostMethods(machine: ScriptedMachine, { errors, unsigned }: DialectTraits): ServiceObject['methods'] {
  const agent = randomUUID();
  const uuidOf = (lifetime: string): string => {
    const { filesystem, hardware, reboot, custom } = machine.uuids;
    const known: Readonly<Record<string, string>> = { '': filesystem, filesystem, hardware, reboot, agent, custom };
    return (known[lifetime.toLowerCase()] ?? 'invalid-lifetime') || 'not-available';
  };
  const order = (name: string) => ({
    in: [],
    out: [],
    run: () => {
      machine.orders.push(name);
      return [];
    },
  });
  return {
    identify: { in: [], out: [], run: () => [] },
    shutdown: order('shutdown'),
    reboot: order('reboot'),
    get_uuid: {
      in: [['lifetime', 's']],
      out: [['uuid', 's']],
      run: ([lifetime]: [string]) => [uuidOf(lifetime)],
    },
    set_uuid: {
      in: [
        ['lifetime', 's'],
        ['uuid', 's'],
      ],
      out: [['rc', 'i']],
      run: ([lifetime, uuid]: [string, string]) => {
        if (lifetime.toLowerCase() !== 'custom') return [23];
        machine.uuids.custom = uuid;
        return [0];
      },
    },
    set_power_profile: {
      in: [['profile', 's']],
      out: [['status', unsigned]],
      run: ([profile]: [string]) => {
        if (!machine.profiles.includes(profile)) throw new ServiceError(errors.invalid, 'Invalid Arguments');
        machine.profile = profile;
        return [0];
      },
    },
    get_power_profile: { in: [], out: [['profile', 's']], run: () => [machine.profile] },
    list_power_profiles: { in: [], out: [['profiles', 'as']], run: () => [machine.profiles] },
  };
}

function networkMethods(machine: ScriptedMachine, { isComplete, unsigned }: DialectTraits): ServiceObject['methods'] {
  const statusOf = (name: string) => [machine.interfaces.get(name)?.isUp === true ? 0 : 1];
  const change = (isUp: boolean) => ({
    in: [['iface', 's']] as const,
    out: [['status', unsigned]] as const,
    run: ([name]: [string]) => {
      const known = machine.interfaces.get(name);
      const perform = () => {
        if (known !== undefined) known.isUp = isUp;
      };
      // The released service starts ifup, and does not wait for it.
      if (isComplete) perform();
      else void delay(300).then(perform);
      return statusOf(name);
    },
  });
  const text = (name: string, read: (iface: string) => string) => ({
    in: [['iface', 's']] as const,
    out: [[name, 's']] as const,
    run: ([iface]: [string]) => [read(iface)],
  });
  return {
    list: { in: [], out: [['iface_map', 'as']], run: () => [[...machine.interfaces.keys()]] },
    start: change(true),
    stop: change(false),
    status: { in: [['iface', 's']], out: [['status', unsigned]], run: ([name]: [string]) => statusOf(name) },
    get_ip_address: text('ip', (iface) => machine.interfaces.get(iface)?.address ?? ''),
    get_mac_address: text('mac', (iface) => machine.interfaces.get(iface)?.mac ?? ''),
  };
}

function postbootProperty(machine: ScriptedMachine, { isComplete, unsigned }: DialectTraits): ServiceProperty {
  return {
    type: unsigned,
    get: () => machine.postbootConfigured,
    set: (value: number) => {
      if (isComplete) machine.postbootConfigured = value;
    },
  };
}

function sysconfigMethods(machine: ScriptedMachine, { errors, unsigned }: DialectTraits): ServiceObject['methods'] {
  const run = (text: () => string, flags: number, scheme: string, key: string): readonly string[] => {
    if (!/^[\w-][\w.-]*$/.test(key)) throw new ServiceError(errors.invalid, 'Invalid Arguments');
    const known = machine.keys.get(key);
    if (known !== undefined && flags % 2 === 0) return [known];
    if (scheme !== 'puppet' && scheme !== 'augeas') throw new ServiceError(errors.invalid, 'Invalid Arguments');
    const status = configure(machine, scheme, text());
    machine.keys.set(key, status);
    return [status];
  };
  const inputs = (what: string) =>
    [
      [what, 's'],
      ['flags', unsigned],
      ['scheme', 's'],
      ['key', 's'],
    ] as const;
  return {
    run_uri: {
      in: inputs('uri'),
      out: [['status', 's']],
      run: ([uri, flags, scheme, key]: [string, number, string, string]) =>
        run(
          () => {
            const text = download(uri);
            if (text === undefined) throw new ServiceError(errors.download, 'Unable to download file');
            return text;
          },
          flags,
          scheme,
          key,
        ),
    },
    run_string: {
      in: inputs('text'),
      out: [['status', 's']],
      run: ([text, flags, scheme, key]: [string, number, string, string]) => run(() => text, flags, scheme, key),
    },
    query: {
      in: [
        ['text', 's'],
        ['flags', unsigned],
        ['scheme', 's'],
      ],
      out: [['data', 's']],
      run: ([text, , scheme]: [string, number, string]) => [
        scheme === 'augeas' && text === '/files/etc/hostname/hostname' ? 'shop' : 'unknown',
      ],
    },
    is_configured: {
      in: [['key', 's']],
      out: [['status', 's']],
      run: ([key]: [string]) => [machine.keys.get(key) ?? 'unknown'],
    },
  };
}
