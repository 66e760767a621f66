import { join } from 'node:path';

/** Which libvirtd runs the domains of a launcher host. */
export interface LibvirtAddress {
  /** What libvirtd is asked to open: `qemu:///system` or `qemu:///session`. */
  readonly uri: string;
  /** `system`: the machine's, whose guests run as a user of their own. `session`: that of one user. */
  readonly mode: 'system' | 'session';
  /** Paths of unix sockets, the first that is there counts: libvirtd's, or that of its modular successor virtqemud. */
  readonly sockets: readonly string[];
}

export type ParsedUri =
  | { readonly kind: 'address'; readonly address: LibvirtAddress }
  | { readonly kind: 'problem'; readonly problem: string };

export const defaultUri = 'qemu:///system';
const SOCKET_NAMES = ['libvirt-sock', 'virtqemud-sock'];

/**
 * Reads libvirt's URI (libvirt, "Connection URIs"): `qemu:///system`, `qemu:///session`, or either with a socket that is
 * elsewhere, `qemu+unix:///system?socket=/path`. Other machines' libvirtds are refused: disks and credentials of guests
 * are files of this one.
 *
 * @param environment XDG_RUNTIME_DIR, and HOME without it, say where a session's sockets are
 */
export function parseLibvirtUri(text: string, environment: Readonly<Record<string, string | undefined>>): ParsedUri {
  const match = /^qemu(\+unix)?:\/\/([^/?]*)\/(system|session)(?:\?(.*))?$/.exec(text);
  const [, , server, mode, query = ''] = match ?? [];
  if (server !== undefined && server !== '') {
    return problem(`${text} is on another machine: run a launcherd there, with ${defaultUri}`);
  }
  if (mode !== 'system' && mode !== 'session') {
    return problem(
      `${JSON.stringify(text)} is none of qemu:///system, qemu:///session, qemu+unix:///system?socket=PATH`,
    );
  }
  const socket = new URLSearchParams(query).get('socket');
  if (socket !== null && !socket.startsWith('/')) return problem(`the socket of ${text} is no absolute path`);
  const uri = `qemu:///${mode}`;
  if (socket !== null) return { kind: 'address', address: { uri, mode, sockets: [socket] } };
  const directory = mode === 'system' ? '/run/libvirt' : sessionDirectory(environment);
  if (directory === undefined) return problem(`where ${text} is cannot be told: XDG_RUNTIME_DIR is not set`);
  return { kind: 'address', address: { uri, mode, sockets: SOCKET_NAMES.map((name) => join(directory, name)) } };
}

/** As virGetUserRuntimeDirectory. */
function sessionDirectory({ XDG_RUNTIME_DIR, HOME }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (XDG_RUNTIME_DIR) return join(XDG_RUNTIME_DIR, 'libvirt');
  return HOME ? join(HOME, '.cache', 'libvirt') : undefined;
}

function problem(text: string): ParsedUri {
  return { kind: 'problem', problem: text };
}
