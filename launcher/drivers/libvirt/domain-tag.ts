import { createHash } from 'node:crypto';
import { element, findElement, readXml, type XmlElement } from './xml-text.js';

/**
 * What marks a domain as ours, in its metadata: which home and launcher host has started it, for which instance. A
 * domain without it, or with another one's, is nobody's to touch here, whatever its name or UUID.
 */
export interface DomainTag {
  /** Digest of the home's path: homes are told apart, and nothing about the machine is told. */
  readonly home: string;
  readonly launcherHost: string;
  readonly instance: string;
}

/** @param home a real path */
export function homeDigest(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 16);
}

const NAMESPACE = 'https://pacemaker-cloud.org/xmlns/libvirt/1';
const PREFIX = 'cpe';
const TAG = `${PREFIX}:instance`;

/** For `<metadata>`. */
export function tagElement({ home, launcherHost, instance }: DomainTag): XmlElement {
  return element(TAG, { [`xmlns:${PREFIX}`]: NAMESPACE, home, host: launcherHost, id: instance });
}

/** From libvirt's description of a domain, which keeps prefixes as they were; undefined when it has no tag. */
export function readTag(domainXml: string): DomainTag | undefined {
  const tag = findElement(readXml(domainXml), 'metadata', TAG);
  if (tag === undefined || tag.attributes[`xmlns:${PREFIX}`] !== NAMESPACE) return undefined;
  const { home, host, id } = tag.attributes;
  if (home === undefined || host === undefined || id === undefined) return undefined;
  return { home, launcherHost: host, instance: id };
}

export function isSameTag(one: DomainTag | undefined, other: DomainTag): boolean {
  return one?.home === other.home && one.launcherHost === other.launcherHost && one.instance === other.instance;
}
