import type { CibInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';
import { nodeAttributes, utilization } from './cib-element.js';
import { isInStandby } from './wished.js';
import { element, type Xml } from './xml.js';

/**
 * Launcher hosts, and what is to be known of assemblies as nodes. Guest nodes exist by their VMs (`remote-node`); an entry
 * here only gives them attributes.
 *
 * @param input with all hosts that there are (knownHosts)
 */
export function renderNodes(input: CibInput): Xml {
  const { hosts, deployable } = input;
  return element('nodes', {}, [
    ...hosts.map(({ name, capacity }) => {
      const options = ownEntry(deployable.hostOptions, name);
      return element('node', { id: name, uname: name }, [
        ...nodeAttributes(`${name}.node`, options?.attributes ?? {}),
        ...utilization(`${name}.node`, { ...capacity, ...options?.utilization }),
      ]);
    }),
    ...deployable.assemblies.flatMap((assembly) => {
      const standby = isInStandby(assembly, input) ? { standby: 'on' } : {};
      const attributes = nodeAttributes(`${assembly.name}.node`, { ...assembly.attributes, ...standby });
      const node = { id: assembly.name, uname: assembly.name, type: 'remote' };
      return attributes.length === 0 ? [] : [element('node', node, attributes)];
    }),
  ]);
}
