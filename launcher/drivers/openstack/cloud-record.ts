import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../durable-file.js';
import { hasErrorCode } from '../../error-code.js';
import { asArray, asObject, numberOf, optionalText, textOf } from './json-fields.js';

/** What the launcher host knows of one instance's server: `openstack.json` in the instance's directory. */
export interface CloudRecord {
  readonly version: 1;
  /** Id of the project; what other credentials say of this server proves nothing. */
  readonly project: string;
  /** Drawn for this start alone: names its ports and marks its server, in this and in no other journal. */
  readonly token: string;
  /** Unix ms until which the server may be built. */
  readonly deadline: number;
  /** With the address each has. No server without them: see settle-start.ts. */
  readonly ports: readonly { readonly id: string; readonly address: string }[];
  /**
   * `prepared`: no server has been asked for. `asked`: one may have been. `running`: it was seen to run.
   * `void`: it will never run, which is written before what there is of it is removed. `removed`: nothing is left of it.
   */
  readonly phase: 'prepared' | 'asked' | 'running' | 'void' | 'removed';
  /** Id of the server, as soon as it is known. */
  readonly server: string | undefined;
}

const PHASES = ['prepared', 'asked', 'running', 'void', 'removed'] as const;
const FILE = 'openstack.json';

/** Undefined when there is none: nothing has been begun. Rejects when it cannot be read or understood. */
export async function readCloudRecord(directory: string): Promise<CloudRecord | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, FILE), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return parseRecord(JSON.parse(text));
  } catch (error) {
    throw new Error(`${join(directory, FILE)} cannot be understood: ${String(error)}`);
  }
}

/** On disk when it resolves. */
export function writeCloudRecord(directory: string, record: CloudRecord): Promise<void> {
  return replaceFile(join(directory, FILE), `${JSON.stringify(record)}\n`);
}

function parseRecord(value: unknown): CloudRecord {
  const fields = asObject(value, FILE);
  if (fields.version !== 1) throw new Error(`version ${String(fields.version)}`);
  const phase = PHASES.find((known) => known === fields.phase);
  if (phase === undefined) throw new Error(`phase ${String(fields.phase)}`);
  return {
    version: 1,
    project: textOf(fields, 'project'),
    token: textOf(fields, 'token'),
    deadline: numberOf(fields, 'deadline'),
    ports: asArray(fields.ports, 'ports').map((item) => {
      const port = asObject(item, 'a port');
      return { id: textOf(port, 'id'), address: textOf(port, 'address') };
    }),
    phase,
    server: optionalText(fields, 'server'),
  };
}
