/**
 * How what an agent must know reaches it inside a guest: as systemd credentials (systemd.exec(5), LoadCredential), which
 * a launcher hands over by SMBIOS type 11 (`io.systemd.credential.binary:NAME=BASE64`), by fw_cfg
 * (`opt/io.systemd.credentials/NAME`), by systemd-nspawn (`--load-credential=NAME:FILE`), or on a small ISO 9660 disk
 * with the label `CIDATA` (cloud-init's NoCloud) or `config-2` (OpenStack's config drive), in files of these names in
 * its directory `cpe`.
 */
export const guestCredentials = {
  /** The agent's identity as JSON (agent/identity.ts). */
  identity: 'cpe.identity',
  /** What it proves itself with on the bus: the content of a NATS .creds file. */
  bus: 'cpe.creds',
  /** GuestAddresses as JSON; absent where the guest finds its addresses by itself. */
  network: 'cpe.network',
  /** The launcher host's time when it handed this over, in ms since 1970; for guests whose clock is a template's. */
  time: 'cpe.time',
  /** Fresh random bytes of the launcher host, base64; for guests whose random number generator is a template's. */
  seed: 'cpe.seed',
} as const;

/** Volume labels of a disk that may carry them. */
export const seedDiskLabels = ['CIDATA', 'config-2'] as const;
/** Directory of such a disk with files of these names. */
export const seedDiskDirectory = 'cpe';

/**
 * QEMU hands over files by fw_cfg; systemd takes those below this name for credentials when it boots, and an agent that
 * waits for its identity looks for them as long as it waits. A guest that is saved as a template is best started with
 * blank files of all the names that are given where it is restored: then its agent sees at once that there is more. Where
 * they are as long as what is given later (spaces or line feeds at the end of that), nothing but them has to be read anew.
 */
export const fwCfgDirectory = 'opt/io.systemd.credentials';

/**
 * What an agent without an identity writes to the console, on a line of its own, once its guest has booted: from there on
 * the guest can be saved as a template, and be given an identity wherever it is restored.
 */
export const waitingForIdentity = 'cpe-agent: booted, waiting for an identity';

/**
 * OpenStack makes the config drive by itself (label `config-2`) and puts nothing on it but what it is given as `user_data`.
 * Its launcher gives it one JSON object whose keys are names of `guestCredentials` and whose values are strings: what the
 * files of these names would contain. The guest finds it on that disk under this path, and nowhere else: Nova's metadata
 * service has it too, for every process of the guest and without a disk, but it answers only once there is a network.
 *
 * Nova keeps user_data in its database and shows it to administrators and to the server's own project.
 */
export const configDriveUserData = 'openstack/latest/user_data';

/** What a guest without DHCP makes of its first network interface. */
export interface GuestAddresses {
  /** IPv4 address with prefix length: `10.77.3.5/24`. */
  readonly address: string;
  /** Undefined where nothing but the launcher host's own network is to be reached. */
  readonly gateway: string | undefined;
  readonly nameservers: readonly string[];
  /** Of the interface; undefined: the first one that is no loopback. */
  readonly mac: string | undefined;
}

/** Where the agent keeps what it must not forget inside a guest. */
export const guestStateDirectory = '/var/lib/cpe-agent';
/** Where a guest's identity and credentials are put, readable by root alone, gone with its next boot. */
export const guestRunDirectory = '/run/cpe-agent';
