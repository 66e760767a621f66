import type { SignalMatch } from './message-bus.js';
import type { WireMessage } from './wire-message.js';

/** The bus itself, as the sender of its own signals. */
export const busName = 'org.freedesktop.DBus';

/** A match rule for AddMatch (D-Bus specification, "Match Rules"). */
export function matchRule({ service, path, interface: name, member, argument0 }: SignalMatch): string {
  const parts: [string, string | undefined][] = [
    ['type', 'signal'],
    ['sender', service],
    ['path', path],
    ['interface', name],
    ['member', member],
    ['arg0', argument0],
  ];
  return parts.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quoted(value)}`])).join(',');
}

/** An apostrophe ends the quotes, comes escaped, and begins them again. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * Whether a signal is what a match asks for. The sender counts: the system bus lets everyone send signals to everyone, and
 * one that is addressed to a client reaches it whatever its matches say.
 *
 * @param owner unique name of the service that the match names, when it is known.
 */
export function isMatching(match: SignalMatch, owner: string | undefined, signal: WireMessage): boolean {
  return (
    signal.interface === match.interface &&
    signal.member === match.member &&
    (match.path === undefined || signal.path === match.path) &&
    (match.argument0 === undefined || signal.values[0] === match.argument0) &&
    signal.sender !== undefined &&
    signal.sender === (isUnique(match.service) ? match.service : owner)
  );
}

/** Names that nobody can take over: the bus's own, and the connections' unique ones. */
export function isUnique(service: string): boolean {
  return service === busName || service.startsWith(':');
}
