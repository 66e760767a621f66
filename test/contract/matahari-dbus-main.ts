/**
 * One of Matahari's services as the system bus starts it: `node matahari-dbus-main.js BUS-NAME DIRECTORY`, where the
 * directory has the files of a contract machine.
 */
import { serveMatahari } from './matahari-dbus-service.js';
import { machineBelow } from './matahari-machine.js';
import { scriptedMachine } from './matahari-scripted-machine.js';

const [busName, directory] = process.argv.slice(2);
if (busName === undefined || directory === undefined)
  throw new Error('usage: matahari-dbus-main.js BUS-NAME DIRECTORY');
await serveMatahari('unix:path=/run/dbus/system_bus_socket', scriptedMachine(machineBelow(directory)), 'published', [
  busName,
]);
