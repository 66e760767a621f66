import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { credentialsReader } from '../proto/bus-credentials.js';
import { readIdentity } from './identity.js';

/**
 * Why an agent could not run with this identity file: what is wrong in the file, credentials that cannot be used, a
 * state directory that cannot be written to or made. Empty when it could. The bus is not asked, and nothing is changed.
 */
export function checkIdentity(file: string): readonly string[] {
  try {
    const { credentialsFile, stateDirectory } = readIdentity(file);
    return [...problemsOfCredentials(credentialsFile), ...problemsOfState(stateDirectory)];
  } catch (error) {
    return [messageOf(error)];
  }
}

function problemsOfCredentials(file: string): readonly string[] {
  try {
    credentialsReader(file, () => {})();
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

function problemsOfState(directory: string): readonly string[] {
  let existing = directory;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory()) return [`state directory ${directory}: ${existing} is not a directory`];
    accessSync(existing, constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    return [`state directory ${directory}: ${messageOf(error)}`];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
