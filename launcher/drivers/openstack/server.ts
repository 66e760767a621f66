import { asArray, asObject, type Fields, isFields, numberOf, optionalText, textOf } from './json-fields.js';

/** A server as Nova shows it; only what is needed to judge it. */
export interface Server {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `SHUTOFF` ... (nova/api/openstack/common.py, _STATE_MAP); `UNKNOWN` where its cell does not answer. */
  readonly status: string;
  /** What Nova is doing with it; undefined: nothing. */
  readonly task: string | undefined;
  /** As its host reported it last (nova/compute/power_state.py). */
  readonly power: PowerState;
  /** Whether a host has it, or had it; a cloud does not tell its projects which. */
  readonly hasHost: boolean;
  /** `UP`, `MAINTENANCE`, `DOWN` or `UNKNOWN`; undefined where the cloud's policy does not show it. */
  readonly hostStatus: string | undefined;
  readonly wasLaunched: boolean;
  /** Why it is in ERROR, in Nova's words. */
  readonly fault: string | undefined;
  readonly addresses: readonly ServerAddress[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ServerAddress {
  readonly network: string;
  readonly address: string;
  readonly version: number;
  readonly isFixed: boolean;
}

export type PowerState = 'none' | 'running' | 'paused' | 'shutdown' | 'crashed' | 'suspended';

const POWER_STATES: Readonly<Record<number, PowerState>> = {
  0: 'none',
  1: 'running',
  3: 'paused',
  4: 'shutdown',
  6: 'crashed',
  7: 'suspended',
};

/**
 * Reads a server of `GET /servers/{id}` or `GET /servers/detail`. From microversion 2.69 a server in a cell that does not
 * answer has an id, a status UNKNOWN and hardly anything else. Throws when it is not what Nova documents.
 */
export function parseServer(value: unknown): Server {
  const fields = asObject(value, 'a server');
  const id = textOf(fields, 'id');
  const status = textOf(fields, 'status');
  const power = fields['OS-EXT-STS:power_state'];
  const fault = isFields(fields.fault) ? optionalText(fields.fault, 'message') : undefined;
  return {
    id,
    name: optionalText(fields, 'name') ?? '',
    status,
    task: optionalText(fields, 'OS-EXT-STS:task_state'),
    power: (typeof power === 'number' ? POWER_STATES[power] : undefined) ?? 'none',
    hasHost: (optionalText(fields, 'hostId') ?? '') !== '',
    hostStatus: optionalText(fields, 'host_status') || undefined,
    wasLaunched: optionalText(fields, 'OS-SRV-USG:launched_at') !== undefined,
    fault: fault?.slice(0, 500),
    addresses: isFields(fields.addresses) ? parseAddresses(fields.addresses) : [],
    metadata: parseMetadata(fields.metadata),
  };
}

function parseAddresses(networks: Fields): ServerAddress[] {
  return Object.entries(networks).flatMap(([network, list]) =>
    asArray(list, 'addresses').map((item) => {
      const fields = asObject(item, 'an address');
      return {
        network,
        address: textOf(fields, 'addr'),
        version: numberOf(fields, 'version'),
        isFixed: fields['OS-EXT-IPS:type'] !== 'floating',
      };
    }),
  );
}

function parseMetadata(value: unknown): Record<string, string> {
  const entries = Object.entries(isFields(value) ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
