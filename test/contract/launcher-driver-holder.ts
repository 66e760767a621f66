/**
 * A launcherd without a bus, for tests that kill it: opens a local driver, prints `ready`, starts the instances named on
 * its command line one after the other, prints a JSON line for each, then `done`, and stays.
 *
 *     launcher-driver-holder OPTIONS-JSON SPEC-JSON...
 */
import type { InstanceSpec } from '../../launcher/driver.js';
import { type LocalDriverOptions, openLocalDriver } from '../../launcher/drivers/local/local-driver.js';

const [options, ...specs] = process.argv.slice(2).map((text): unknown => JSON.parse(text));
const driver = await openLocalDriver(options as LocalDriverOptions);
console.log('ready');
for (const spec of specs) console.log(JSON.stringify(await driver.start(spec as InstanceSpec)));
console.log('done');
