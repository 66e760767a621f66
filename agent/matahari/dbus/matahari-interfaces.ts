/**
 * Matahari's interfaces on the system bus: what its schema-to-dbus.xsl makes of the schemas of release 0.6 (sstr and lstr
 * become s, list as, map a{sv}, absTime i; an in-out argument becomes two; what has only inputs is annotated as NoReply).
 */
export const matahariInterfaces = {
  Host: {
    service: 'org.matahariproject.Host',
    paths: ['/org/matahariproject/Host'],
    methods: {
      identify: [],
      shutdown: [],
      reboot: [],
      get_uuid: ['s'],
      set_uuid: ['s', 's'],
      set_power_profile: ['s'],
      get_power_profile: [],
      list_power_profiles: [],
    },
    properties: {
      hostname: 's',
      uuid: 's',
      custom_uuid: 's',
      os: 's',
      arch: 's',
      wordsize: 'y',
      memory: 't',
      swap: 't',
      cpu_count: 'y',
      cpu_cores: 'y',
      cpu_model: 's',
      cpu_flags: 's',
      update_interval: 'u',
      last_updated: 'i',
      sequence: 'u',
      free_mem: 't',
      free_swap: 't',
      load: 'a{sv}',
      process_statistics: 'a{sv}',
    },
  },
  Services: {
    service: 'org.matahariproject.Services',
    paths: ['/org/matahariproject/Services'],
    methods: {
      list: [],
      enable: ['s'],
      disable: ['s'],
      start: ['s', 'u'],
      stop: ['s', 'u'],
      status: ['s', 'u'],
      describe: ['s'],
    },
    properties: { uuid: 's', hostname: 's' },
  },
  Resources: {
    service: 'org.matahariproject.Services',
    // The released service has both interfaces on one object (run_dbus_server in mh_dbus_common.c takes one path).
    paths: ['/org/matahariproject/Services', '/org/matahariproject/Resources'],
    methods: {
      list_standards: [],
      list_providers: ['s'],
      list: ['s', 's'],
      describe: ['s', 's', 's'],
      invoke: ['s', 's', 's', 's', 's', 'u', 'a{sv}', 'u', 'u', 's'],
      cancel: ['s', 's', 'u', 'u'],
      fail: ['s', 'u'],
    },
    properties: { uuid: 's', hostname: 's' },
  },
  Network: {
    service: 'org.matahariproject.Network',
    paths: ['/org/matahariproject/Network'],
    methods: {
      list: [],
      start: ['s'],
      stop: ['s'],
      status: ['s'],
      get_ip_address: ['s'],
      get_mac_address: ['s'],
    },
    properties: { uuid: 's', hostname: 's' },
  },
  Sysconfig: {
    service: 'org.matahariproject.Sysconfig',
    paths: ['/org/matahariproject/Sysconfig'],
    methods: {
      run_uri: ['s', 'u', 's', 's'],
      run_string: ['s', 'u', 's', 's'],
      query: ['s', 'u', 's'],
      is_configured: ['s'],
    },
    properties: { uuid: 's', hostname: 's', is_postboot_configured: 'u' },
  },
} as const satisfies Record<string, PublishedInterface>;

export interface PublishedInterface {
  readonly service: string;
  /** Where the object is, most likely first. */
  readonly paths: readonly [string, ...string[]];
  /** Types of the input arguments. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  readonly properties: Readonly<Record<string, string>>;
}

export function interfaceName(object: keyof typeof matahariInterfaces): string {
  return `org.matahariproject.${object}`;
}
