/** What the CPE keeps of a deployable in the store, and its DPE reads. */
import type { JsonValue } from '../state/json.js';
import type { Store } from '../store/store.js';

export interface DeployableRecord {
  readonly name: string;
  readonly createdAt: number;
  /** The document in force, as it was given. */
  readonly definition: {
    readonly revision: number;
    readonly format: 'xml' | 'yaml';
    readonly text: string;
    readonly fileName: string;
  };
  /** `isSuspended`: the coordinator is going down; it counts as stopped until the coordinator is up again. */
  readonly desired: {
    readonly revision: number;
    readonly state: 'running' | 'stopped';
    readonly isSuspended: boolean;
  };
  /** Name of the DPE process that is to run it. */
  readonly dpe: string;
  /** The coordinator machine that has that process; absent where there is only one, and until the leader has chosen. */
  readonly machine?: string;
  /** Revision of the deployable's lease at which the leader, who watched it for long enough, saw it run out. */
  readonly runOutLease?: number;
}

const prefix = 'deployable/';

export function deployableKey(name: string): string {
  return `${prefix}${name}`;
}

/** The record and its revision, for compare-and-set; undefined when there is no such deployable. */
export async function readDeployable(
  store: Store,
  name: string,
): Promise<{ readonly record: DeployableRecord; readonly revision: number } | undefined> {
  const found = await store.get(deployableKey(name));
  return found === undefined ? undefined : { record: asRecord(found.value), revision: found.revision };
}

export async function listDeployables(store: Store): Promise<readonly DeployableRecord[]> {
  const found = await store.list(prefix, 100_000);
  return found.map(({ value }) => asRecord(value));
}

/** Only the CPE writes these keys, and only this type. */
function asRecord(value: JsonValue): DeployableRecord {
  return value as unknown as DeployableRecord;
}
