import { existsSync } from 'node:fs';
import { readIdentity } from '../identity.js';
import type { PlainSource } from './identity-source.js';

/** Where who runs the agent on a machine of its own, or cloud-init, puts an identity. */
export const configuredIdentity = '/etc/cpe-agent/identity.json';

/** An identity that somebody has put on the disk of this machine. It is read where it is, at every start. */
export function configuredSource(state: string, path = configuredIdentity): PlainSource {
  return {
    name: `the configuration of this machine (${path})`,
    look() {
      if (!existsSync(path)) return { kind: 'nothing' };
      try {
        const identity = readIdentity(path, state);
        if (existsSync(identity.credentialsFile)) return { kind: 'configured', identity, origin: path };
        return { kind: 'unusable', problem: `${path}: its credentials are not there (${identity.credentialsFile})` };
      } catch (error) {
        return { kind: 'unusable', problem: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
