import { randomUUID } from 'node:crypto';

/** A cloud in memory: what its databases hold, its hosts with the guests that really run there, and its clock. */
export interface CloudState {
  /** Unix ms, by the cloud's clock. */
  now(): number;
  /** Carries out everything that is due until then. */
  advance(ms: number): void;
  /** `action` is carried out that much later. */
  later(ms: number, action: () => void): void;
  readonly projectId: string;
  readonly region: string;
  readonly user: { readonly name: string; readonly password: string };
  readonly applicationCredential: { readonly id: string; readonly secret: string };
  readonly tokens: Map<string, number>;
  readonly servers: Map<string, FakeServer>;
  readonly ports: Map<string, FakePort>;
  readonly networks: readonly FakeNetwork[];
  readonly images: Map<string, FakeImage>;
  readonly flavors: readonly FakeFlavor[];
  readonly serverGroups: readonly { readonly id: string; readonly name: string }[];
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
  readonly hosts: Map<string, FakeHost>;
  readonly settings: CloudSettings;
}

export interface CloudSettings {
  tokenLifeMs: number;
  /** Newest microversion of Nova. */
  minor: number;
  buildMs: number;
  endMs: number;
  quota: { instances: number; cores: number; ram: number; ports: number };
  showsHostStatus: boolean;
  /** reclaim_instance_interval is set. */
  deletesSoftly: boolean;
  /** Builds end in ERROR with this. */
  buildFault: string | undefined;
  /** The cell with all servers does not answer. */
  isCellDown: boolean;
  pageLimit: number;
  unversionedEndpoints: boolean;
}

export interface FakeServer {
  readonly id: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly flavor: FakeFlavor;
  readonly ports: readonly string[];
  readonly createdAt: number;
  vmState: string;
  task: string | null;
  power: number;
  host: string | undefined;
  launchedAt: number | undefined;
  isDeleted: boolean;
  isLocked: boolean;
  fault: string | undefined;
  readonly actions: FakeAction[];
}

export interface FakeAction {
  readonly action: string;
  readonly request: string;
  readonly startedAt: number;
  readonly events: { event: string; startedAt: number; finishedAt: number | null; result: string | null }[];
}

/** What really runs, whatever the databases say. */
export interface FakeGuest {
  readonly server: string;
  isRunning: boolean;
  boots: number;
}

export interface FakeHost {
  readonly name: string;
  /** nova-compute answers. */
  isUp: boolean;
  readonly guests: Map<string, FakeGuest>;
}

export interface FakePort {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly address: string;
  readonly body: Readonly<Record<string, unknown>>;
  deviceId: string;
}

export interface FakeNetwork {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly isExternal: boolean;
  readonly isShared: boolean;
}

export interface FakeImage {
  readonly id: string;
  readonly name: string;
  readonly minDisk: number;
  readonly minRam: number;
  status: string;
  size: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface FakeFlavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ram: number;
  readonly disk: number;
  readonly extraSpecs: Readonly<Record<string, string>>;
}

export function createCloudState(changes: Partial<CloudSettings> = {}): CloudState {
  let offsetMs = 0;
  const start = Date.now();
  const due: { readonly at: number; readonly action: () => void }[] = [];
  const now = () => start + offsetMs;
  return {
    now,
    later: (ms, action) => {
      due.push({ at: now() + ms, action });
      due.sort((a, b) => a.at - b.at);
    },
    advance: (ms) => {
      const until = now() + ms;
      for (let next = due[0]; next !== undefined && next.at <= until; next = due[0]) {
        due.shift();
        offsetMs = Math.max(offsetMs, next.at - start);
        next.action();
      }
      offsetMs = until - start;
    },
    projectId: randomUUID().replaceAll('-', ''),
    region: 'RegionOne',
    user: { name: 'demo', password: 'only-for-tests' },
    applicationCredential: { id: randomUUID().replaceAll('-', ''), secret: 'only-for-tests-too' },
    tokens: new Map(),
    servers: new Map(),
    ports: new Map(),
    networks: [
      { id: randomUUID(), name: 'private', prefix: '10.0.0', isExternal: false, isShared: false },
      { id: randomUUID(), name: 'storage', prefix: '10.0.1', isExternal: false, isShared: true },
      { id: randomUUID(), name: 'public', prefix: '203.0.113', isExternal: true, isShared: true },
    ],
    images: new Map(
      [{ id: randomUUID(), name: 'debian-12', minDisk: 2, minRam: 256, status: 'active', size: 1, fields: {} }].map(
        (image) => [image.id, image],
      ),
    ),
    flavors: [
      { id: '1', name: 'm1.tiny', vcpus: 1, ram: 512, disk: 1, extraSpecs: {} },
      { id: '2', name: 'm1.small', vcpus: 1, ram: 2048, disk: 20, extraSpecs: {} },
      { id: '3', name: 'g1.gpu', vcpus: 1, ram: 1024, disk: 20, extraSpecs: { 'resources:VGPU': '1' } },
      { id: '4', name: 'm1.medium', vcpus: 2, ram: 4096, disk: 40, extraSpecs: {} },
    ],
    serverGroups: [{ id: randomUUID(), name: 'apart' }],
    securityGroups: [{ id: randomUUID(), name: 'default' }],
    hosts: new Map(['compute-1', 'compute-2'].map((name) => [name, { name, isUp: true, guests: new Map() }])),
    settings: {
      tokenLifeMs: 3_600_000,
      minor: 95,
      buildMs: 1_000,
      endMs: 500,
      quota: { instances: 50, cores: 100, ram: 512_000, ports: 100 },
      showsHostStatus: false,
      deletesSoftly: false,
      buildFault: undefined,
      isCellDown: false,
      pageLimit: 1_000,
      unversionedEndpoints: false,
      ...changes,
    },
  };
}

/** Guests that run, counted outside of everything that Nova says. */
export function runningGuests(state: CloudState): readonly string[] {
  return [...state.hosts.values()].flatMap(({ guests }) =>
    [...guests.values()].filter(({ isRunning }) => isRunning).map(({ server }) => server),
  );
}
