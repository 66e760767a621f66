import type { Schema } from './openstack-schema.js';

const name: Schema = { type: 'string', minLength: 1, maxLength: 255 };
const uuid: Schema = { type: 'string', format: 'uuid' };
const tag: Schema = { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^,/]*$' };
const boolean: Schema = { type: ['boolean', 'string'] };
const positive: Schema = { type: ['integer', 'string'], minimum: 1, pattern: '^[0-9]+$' };

/** The body of POST /servers by microversion (nova/api/openstack/compute/schemas/servers.py). */
export function createServerSchema(minor: number): Schema {
  const networkItem: Schema['properties'] = {
    fixed_ip: { type: 'string' },
    port: { type: ['string', 'null'], format: 'uuid' },
    uuid: minor >= 37 ? uuid : { type: 'string' },
    ...(minor >= 42 ? { tag } : {}),
  };
  const networkList: Schema = {
    type: 'array',
    items: { type: 'object', properties: networkItem, additionalProperties: false },
  };
  const device: Schema = {
    type: 'object',
    properties: {
      source_type: { type: 'string', enum: ['volume', 'image', 'snapshot', 'blank'] },
      destination_type: { type: 'string', enum: ['local', 'volume'] },
      uuid: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9._-]*$' },
      boot_index: { type: ['integer', 'string', 'null'], pattern: '^-?[0-9]+$' },
      volume_size: positive,
      delete_on_termination: boolean,
      device_name: { type: 'string', minLength: 1, maxLength: 255 },
      disk_bus: { type: 'string', maxLength: 255 },
      ...(minor >= 42 ? { tag } : {}),
      ...(minor >= 67 ? { volume_type: name } : {}),
    },
    additionalProperties: false,
  };
  const server: Schema = {
    type: 'object',
    properties: {
      name,
      imageRef: { oneOf: [uuid, { type: 'string', maxLength: 0 }] },
      flavorRef: { type: ['string', 'integer'], minLength: 1 },
      metadata: {
        type: 'object',
        patternProperties: { '^[a-zA-Z0-9-_:. ]{1,255}$': { type: 'string', maxLength: 255 } },
        additionalProperties: false,
      },
      networks: minor >= 37 ? { oneOf: [networkList, { type: 'string', enum: ['none', 'auto'] }] } : networkList,
      availability_zone: name,
      block_device_mapping_v2: { type: 'array', items: device },
      config_drive: boolean,
      key_name: name,
      min_count: positive,
      max_count: positive,
      security_groups: {
        type: 'array',
        items: { type: 'object', properties: { name }, additionalProperties: false },
      },
      user_data: { type: 'string', format: 'base64', maxLength: 65_535 },
      ...(minor >= 19 ? { description: { type: ['string', 'null'], maxLength: 255 } as const } : {}),
      ...(minor >= 52 ? { tags: { type: 'array', items: tag, maxItems: 50 } as const } : {}),
      ...(minor >= 57 ? {} : { personality: { type: 'array' } as const }),
    },
    required: minor >= 37 ? ['name', 'flavorRef', 'networks'] : ['name', 'flavorRef'],
    additionalProperties: false,
  };
  const hints: Schema = {
    type: 'object',
    properties: { group: { oneOf: [uuid, { type: 'array', items: uuid }] } },
    additionalProperties: true,
  };
  return {
    type: 'object',
    properties: { server, 'os:scheduler_hints': hints, 'OS-SCH-HNT:scheduler_hints': hints },
    required: ['server'],
    additionalProperties: false,
  };
}

/** The bodies of POST /servers/{id}/action. */
export const actionSchemas: Readonly<Record<string, Schema>> = {
  'os-stop': {},
  'os-start': {},
  pause: { type: 'null' },
  unpause: { type: 'null' },
  forceDelete: {},
  restore: {},
  lock: {},
  unlock: { type: 'null' },
  reboot: {
    type: 'object',
    properties: { type: { type: 'string', enum: ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'] } },
    required: ['type'],
    additionalProperties: false,
  },
  'os-getConsoleOutput': {
    type: 'object',
    properties: { length: { type: ['integer', 'string', 'null'], pattern: '^-?[0-9]+$', minimum: -1 } },
    additionalProperties: false,
  },
};

/** What GET /servers/detail can be asked from 2.75 on, where everything else is refused (before, it was ignored). */
export const serverQueries: readonly string[] = [
  ...['limit', 'marker', 'sort_key', 'sort_dir', 'name', 'status', 'tags', 'tags-any', 'not-tags', 'not-tags-any'],
  ...['changes-since', 'changes-before', 'uuid', 'host', 'image', 'flavor', 'ip', 'ip6', 'all_tenants', 'deleted'],
  ...[
    'availability_zone',
    'config_drive',
    'key_name',
    'power_state',
    'task_state',
    'vm_state',
    'locked',
    'description',
  ],
];
