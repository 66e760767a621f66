import { describe } from 'node:test';
import { hostContract } from './matahari-suite-host.js';
import { networkContract } from './matahari-suite-network.js';
import { resourcesContract } from './matahari-suite-resources.js';
import { servicesContract } from './matahari-suite-services.js';
import { sysconfigContract } from './matahari-suite-sysconfig.js';
import type { MatahariUnderTest } from './matahari-under-test.js';

/**
 * The contract of Matahari's objects (agent/matahari/matahari.ts), for every backend: each property, statistic, method and
 * event of the schemas of release 0.6, with the meanings that they and Matahari's own tests give them.
 */
export function matahariContract(backend: string, create: () => Promise<MatahariUnderTest>): void {
  describe(`${backend}: Host`, () => hostContract(create));
  describe(`${backend}: Services`, () => servicesContract(create));
  describe(`${backend}: Resources`, () => resourcesContract(create));
  describe(`${backend}: Network`, () => networkContract(create));
  describe(`${backend}: Sysconfig`, () => sysconfigContract(create));
}
