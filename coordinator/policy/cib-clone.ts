import { type Assembly, cloneId, type Resource, resourceId } from '../model/deployable.js';
import type { CibInput, ResourceWish } from '../state/cib-input.js';
import { ownEntry } from '../state/own-entry.js';
import { instanceAttributes, instanceAttributesOn, location, metaAttributes, nowhere, order } from './cib-element.js';
import {
  configureParameters,
  configurePrimitive,
  isWaiting,
  primitive,
  resolvedParameters,
  sharedMeta,
} from './cib-resource.js';
import { type ClonedResource, clonedResources } from './clone-name.js';
import { isLeftBehind, promotionScores } from './clone-promotion.js';
import { configureId } from './configure-id.js';
import { dependenciesOf } from './dependency.js';
import { roleName } from './dialect.js';
import { applied, isCloneManaged, mayRunInside, wishOfClone } from './wished.js';
import { type Attributes, element, type Xml } from './xml.js';

/** The clones over replicated assemblies, each around one primitive, and those of their configure steps. */
export function renderClones(input: CibInput): readonly Xml[] {
  return clonedResources(input.deployable).flatMap((cloned) => [
    ...configureClone(cloned, input),
    clone(cloned.id, optionsOf(cloned, input), [
      primitive(cloned.id, definitionOf(cloned), input, [
        ...parameterSets(cloned, cloned.id, (resource) => resolvedParameters(resource, input)),
        ...metaAttributes(cloned.id, sharedMeta(definitionOf(cloned))),
      ]),
    ]),
  ]);
}

/**
 * Where instances may be, and which of them is to be promoted. Nothing but these nodes is probed. The score is 0 and not
 * INFINITY: the preferences for promotion are added to it (lib/pacemaker/pcmk_sched_promotable.c
 * sort_promotable_instances), and all infinities are the same.
 */
export function renderCloneConstraints(input: CibInput): readonly Xml[] {
  return clonedResources(input.deployable).flatMap((cloned) => {
    const id = cloneId(cloned.id);
    const pins = pinsOf(cloned, id, (name) => name, input);
    const promotion = [...promotionScores(cloned, input)].map(([node, score]) => {
      const role = roleName('promoted', input.dialect);
      return element('rsc_location', { id: `${id}.promotion.${node}`, rsc: id, role, node, score });
    });
    if (definitionOf(cloned).configure === undefined) {
      return [...pins, ...promotion];
    }
    const configure = cloneId(configureId(cloned.id));
    return [...pinsOf(cloned, configure, configureId, input), ...pins, configureOrder(cloned, input), ...promotion];
  });
}

/**
 * Where an instance must not be, the clone is kept from by name: the scheduler takes one that runs on a node it has not
 * heard of for an error (lib/pacemaker/pcmk_sched_clone.c distribute_children).
 */
function pinsOf(cloned: ClonedResource, id: string, step: (name: string) => string, input: CibInput): readonly Xml[] {
  const isOut = cloned.instances.map(({ assembly, resource }) => {
    const name = step(resourceId({ assembly: assembly.name, resource: resource.name }));
    // Nobody but this instance is stopped: the clone goes on in the other replicas.
    const isStopped = step(cloned.id) === cloned.id && wishOfInstance(assembly, resource, input)?.target === 'stopped';
    return (
      isStopped ||
      !mayRunInside(assembly, input) ||
      isWaiting(assembly, resource, input, name) ||
      isLeftBehind(cloned, assembly, input)
    );
  });
  const pins = cloned.instances.map(({ assembly }, index) =>
    isOut[index] ? location(id, assembly.name, '-INFINITY', 'never') : location(id, assembly.name, 0, 'exclusive'),
  );
  // Without any location that is exclusive, every node but these would be probed.
  return isOut.includes(false) ? pins : [nowhere(id), ...pins];
}

function configureClone(cloned: ClonedResource, input: CibInput): readonly Xml[] {
  const resource = definitionOf(cloned);
  if (resource.configure === undefined) {
    return [];
  }
  const id = configureId(cloned.id);
  const options = {
    'clone-max': cloned.instances.length,
    'clone-node-max': 1,
    interleave: true,
    'is-managed': isCloneManaged(cloned, input) ? undefined : false,
    maintenance: resource.isInMaintenance ? true : undefined,
  };
  const sets = parameterSets(cloned, id, (instance) => configureParameters(instance, input));
  return [clone(id, options, [configurePrimitive(id, resource, sets)])];
}

function clone(id: string, options: Attributes, children: readonly Xml[]): Xml {
  return element('clone', { id: cloneId(id) }, [...metaAttributes(cloneId(id), options), ...children]);
}

function optionsOf(cloned: ClonedResource, input: CibInput): Attributes {
  const { clone: options, priority } = definitionOf(cloned);
  const promotable = options?.promotable;
  return {
    'clone-max': Math.min(options?.max ?? cloned.instances.length, cloned.instances.length),
    'clone-node-max': 1,
    'clone-min': needsOnlyOne(cloned, input) ? 1 : undefined,
    notify: options?.notify === true ? true : undefined,
    interleave: isInterleaved(cloned, input) ? true : undefined,
    ordered: options?.ordered === true ? true : undefined,
    promotable: promotable === undefined ? undefined : true,
    'promoted-max': promotable?.promotedMax,
    'promoted-node-max': promotable === undefined ? undefined : 1,
    'target-role': targetRole(cloned, input),
    'is-managed': isCloneManaged(cloned, input) ? undefined : false,
    priority: priority === 0 ? undefined : priority,
  };
}

/** The clone as a whole; a wish for one instance is a matter of where the clone may be. */
function targetRole(cloned: ClonedResource, input: CibInput): string | undefined {
  const target = applied(wishOfClone(cloned, input)?.target, definitionOf(cloned).targetRole);
  return target === 'stopped' || target === 'unpromoted' ? roleName(target, input.dialect) : undefined;
}

function wishOfInstance(assembly: Assembly, resource: Resource, { wishes }: CibInput): ResourceWish | undefined {
  return ownEntry(wishes, resourceId({ assembly: assembly.name, resource: resource.name }));
}

/** One instance is enough for what follows; Pacemaker asks for that at the clone, not at the order. */
function needsOnlyOne({ id }: ClonedResource, { deployable }: CibInput): boolean {
  return deployable.constraints.some(
    (constraint) =>
      constraint.kind === 'order' &&
      constraint.steps.some(
        ({ needsAll, members: [only, ...others] }) =>
          !needsAll && only?.kind === 'clone' && others.length === 0 && `${only.assembly}.${only.resource}` === id,
      ),
  );
}

/**
 * Interleaved instances wait for the one on their own node, and not for those on all. Instances of a clone over another
 * assembly are on no node of theirs: they would wait for ever. A configure step is on each.
 */
function isInterleaved(cloned: ClonedResource, input: CibInput): boolean {
  const { clone: options, configure } = definitionOf(cloned);
  return (options?.interleave === true || configure !== undefined) && mayInterleave(cloned, input);
}

function mayInterleave({ id, instances }: ClonedResource, { deployable }: CibInput): boolean {
  const own = `${instances[0]?.assembly.replica?.of}.`;
  const clones = new Set(clonedResources(deployable).map((each) => cloneId(each.id)));
  return dependenciesOf(deployable).every(
    ({ resource, dependent }) => dependent !== cloneId(id) || !clones.has(resource) || resource.startsWith(own),
  );
}

/**
 * Instances that are not interleaved would all restart whenever one is configured; then the order holds only for those
 * that start with it, which is what a configure step is for.
 */
function configureOrder(cloned: ClonedResource, input: CibInput): Xml {
  const [first, next] = [cloneId(configureId(cloned.id)), cloneId(cloned.id)];
  return order(`${next}.order.configure`, first, next, mayInterleave(cloned, input) ? 'Mandatory' : 'Optional');
}

/** One set where all instances have the same parameters, else one for each node. */
function parameterSets(
  { instances }: ClonedResource,
  id: string,
  parametersOf: (resource: Resource) => Attributes,
): readonly Xml[] {
  const all = instances.map(({ assembly, resource }) => ({ node: assembly.name, values: parametersOf(resource) }));
  const [first, ...others] = all;
  return first === undefined || others.every(({ values }) => JSON.stringify(values) === JSON.stringify(first.values))
    ? instanceAttributes(id, first?.values ?? {})
    : all.flatMap(({ node, values }) => instanceAttributesOn(node, id, values));
}

/** Timings and options are the same in all replicas. */
function definitionOf({ instances }: ClonedResource): Resource {
  const first = instances[0];
  if (first === undefined) {
    throw new Error('a clone without an instance');
  }
  return first.resource;
}
