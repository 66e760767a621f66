import { describe } from 'node:test';
import { hostContract } from './matahari-suite-host.js';
import { networkContract } from './matahari-suite-network.js';
import { resourcesContract } from './matahari-suite-resources.js';
import { servicesContract } from './matahari-suite-services.js';
import { sysconfigContract } from './matahari-suite-sysconfig.js';
import type { MatahariUnderTest } from './matahari-under-test.js';

export interface ContractOptions {
  /** Whether several of what `create` makes can be at once. */
  readonly isParallel?: boolean;
}

/** A test sees what the one before it left. */
const inOrder = { concurrency: 1 };

/**
 * The contract of Matahari's objects (agent/matahari/matahari.ts), for every backend: each property, statistic, method and
 * event of the schemas of release 0.6, with the meanings that they and Matahari's own tests give them.
 */
export function matahariContract(
  backend: string,
  create: () => Promise<MatahariUnderTest>,
  { isParallel = false }: ContractOptions = {},
): void {
  describe(backend, { concurrency: isParallel ? true : 1 }, () => {
    describe('Host', inOrder, () => hostContract(create));
    describe('Services', inOrder, () => servicesContract(create));
    describe('Resources', inOrder, () => resourcesContract(create));
    describe('Network', inOrder, () => networkContract(create));
    describe('Sysconfig', inOrder, () => sysconfigContract(create));
  });
}
