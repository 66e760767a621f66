import { createOpenStackFixture } from './launcher-driver-openstack-fixture.js';
import { createRealCloudFixture } from './launcher-driver-openstack-real.js';
import { describeDriver } from './launcher-driver-suite.js';

describeDriver('openstack', createOpenStackFixture, { startMs: 30_000, deathSeenMs: 30_000 });

/** The same against a cloud that is one: OS_CLOUD names it. */
if (process.env.OS_CLOUD !== undefined) {
  describeDriver(`openstack, ${process.env.OS_CLOUD}`, createRealCloudFixture, {
    startMs: 100_000,
    deathSeenMs: 60_000,
  });
}
