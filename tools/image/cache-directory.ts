import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where bases are kept: below XDG_CACHE_HOME (XDG Base Directory Specification). All of it may be removed at any time. */
export function baseCache(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { XDG_CACHE_HOME: cache } = environment;
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'pacemaker-cloud', 'image-bases');
}
