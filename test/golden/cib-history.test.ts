import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plainOrder } from '../../coordinator/model/plain.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { assembly, deployable, resource, text } from './cib-deployables.js';
import {
  decide,
  execute,
  failMonitor,
  inputOf,
  inWorld,
  type Responder,
  runTool,
  settle,
  type World,
} from './cib-world.js';
import { parseTree, type Tree } from './golden-tree.js';

/**
 * `crm_simulate -S -O` executes a graph and writes the resulting CIB with the controller's own function
 * (pcmk__create_history_xml): after each step our history must hold the same records with the same results and digests.
 */
function compareWithSimulation(world: World, failures: readonly { key: string; node: string; rc: number }[]): void {
  const synapses = decide(world);
  const [input, output] = [join(world.directory, 'cib.xml'), join(world.directory, 'after.xml')];
  const injected = failures.flatMap(({ key, node, rc }) => ['-F', `${key}@${node}=${rc}`]);
  const { status, output: told } = runTool(world, 'crm_simulate', ['-S', '-x', input, '-O', output, ...injected]);
  assert.equal(status, 0, told);
  const answer: Responder = ({ key }) => failures.find((failure) => failure.key === key)?.rc;
  execute(world, synapses, answer);
  assert.deepEqual(recordsIn(renderCib(inputOf(world))), recordsIn(readFileSync(output, 'utf8')));
}

const compared = ['operation', 'operation_key', 'rc-code', 'op-status', 'interval', 'op-digest'];

/** One line for each record, sorted. Without pending ones: the simulation's operations end at once. */
function recordsIn(cib: string): readonly string[] {
  const lines: string[] = [];
  const visit = ({ name, attributes, children }: Tree, path: string): void => {
    if (name === 'lrm_rsc_op' && attributes['op-status'] !== '-1') {
      lines.push([path, attributes.id, ...compared.map((key) => `${key}=${attributes[key]}`)].join(' '));
    }
    const isPlace = name === 'node_state' || name === 'lrm_resource';
    for (const child of children) {
      visit(child, isPlace ? `${path}/${attributes.id}` : path);
    }
  };
  visit(parseTree(cib), '');
  return lines.sort();
}

function pair() {
  return deployable(
    [
      assembly('db', resource('redis', { parameters: { port: text('6379'), user: text('a "b"') } })),
      { ...assembly('web', resource('app'), resource('log')), image: 'debian-12', cpus: 2, memoryMiB: 512 },
    ],
    {
      constraints: [
        plainOrder('stack', [
          { assembly: 'db', resource: 'redis' },
          { assembly: 'web', resource: 'app' },
        ]),
      ],
    },
  );
}

test('a first start leaves the records that crm_simulate writes', () => {
  inWorld(pair(), ['h1', 'h2'], (world) => compareWithSimulation(world, []));
});

test('a failed recurring monitor leaves the records that crm_simulate writes, and so does its recovery', () => {
  inWorld(deployable([assembly('db', resource('redis'))]), ['h1'], (world) => {
    compareWithSimulation(world, [{ key: 'db.redis_monitor_10000', node: 'db', rc: 7 }]);
    compareWithSimulation(world, []);
    assert.deepEqual(settle(world), []);
  });
});

test('a failed start leaves the records that crm_simulate writes, and so does its recovery', () => {
  inWorld(pair(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.log');
    compareWithSimulation(world, [{ key: 'web.log_start_0', node: 'web', rc: 1 }]);
    compareWithSimulation(world, []);
    assert.deepEqual(settle(world), []);
  });
});

test('a failed stop leaves the records that crm_simulate writes', () => {
  inWorld(pair(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.log');
    compareWithSimulation(world, [{ key: 'web.log_stop_0', node: 'web', rc: 1 }]);
  });
});
