import type { Assembly, Group, Resource } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';
import { metaAttributes } from './cib-element.js';
import { renderConfigureStep, renderResource } from './cib-resource.js';
import { isCloned } from './clone-name.js';
import { element, type Xml } from './xml.js';

/**
 * What stands alone in an assembly, and its groups with their members in order. Instances of clones are not among them
 * (cib-clone.ts); configure steps stand outside of groups.
 */
export function renderResources(assembly: Assembly, input: CibInput): readonly Xml[] {
  const own = assembly.resources.filter((resource) => !isCloned(assembly, resource));
  const groups = input.deployable.groups.filter(({ assembly: name }) => name === assembly.name);
  const grouped = new Set(groups.flatMap(({ members }) => members));
  return [
    ...own
      .filter(({ name }) => !grouped.has(name))
      .flatMap((resource) => [
        ...renderConfigureStep(assembly, resource, input),
        renderResource(assembly, resource, input),
      ]),
    ...groups.flatMap((group) => renderGroup(group, assembly, own, input)),
  ];
}

function renderGroup(group: Group, assembly: Assembly, own: readonly Resource[], input: CibInput): readonly Xml[] {
  const members = group.members.flatMap((member) => own.filter(({ name }) => name === member));
  if (members.length === 0) {
    return [];
  }
  const wish = ownEntry(input.wishes, group.name);
  const meta = {
    'target-role': wish?.target === 'stopped' ? 'Stopped' : undefined,
    'is-managed': wish?.isManaged,
  };
  return [
    ...members.flatMap((resource) => renderConfigureStep(assembly, resource, input)),
    element('group', { id: group.name }, [
      ...metaAttributes(group.name, meta),
      ...members.map((resource) => renderResource(assembly, resource, input)),
    ]),
  ];
}
