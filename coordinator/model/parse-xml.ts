import { splitCommandLine } from './command-line.js';
import {
  type InvalidTree,
  indexLines,
  type Located,
  type MapTree,
  type Place,
  type ScalarTree,
  type Tree,
  type TreeEntry,
} from './document-tree.js';
import { quote } from './read-tree.js';
import { readXml, type XmlElement } from './read-xml.js';
import type { Report } from './report.js';
import { type InspectedElement, inspectElement, isSpaceOnly, type XmlContext } from './xml-vocabulary.js';

/**
 * Reads a document in the vocabulary of the original (pacemaker-cloud: src/cf2pe.xsl, src/cape.c, and what its shell
 * wrote, src/pcloudsh/deployable.py, spelling included) as a tree with the keys of the YAML format. What had a meaning
 * only there (uuid, monitor, username) is accepted and left out; periods and intervals without a unit are seconds.
 *
 * Returns undefined, with at least one error reported, where the XML is broken or is no deployable.
 */
export function parseXml(text: string, report: Report): Tree | undefined {
  if (isSpaceOnly(text)) {
    report.error({ line: 0, column: 0, path: '' }, 'the document is empty', '<deployable>');
    return undefined;
  }
  const top = readXml(text, { report, placeOf: indexLines(text), path: '', isFragment: false });
  const root = top?.[0];
  if (root === undefined) return undefined;
  const context: XmlContext = { report, path: '' };
  if (root.name !== 'deployable') {
    report.error({ ...root.at, path: `/${root.name}` }, `the root element is <${root.name}>`, '<deployable>');
    return undefined;
  }
  return readDeployable(context, root);
}

function readDeployable(context: XmlContext, root: XmlElement): Tree {
  const deployable = inspectElement(context, root, 'deployable');
  const assemblies = deployable.child('assemblies');
  const constraints = deployable.child('constraints');
  return map(deployable.at, {
    deployable: deployable.required('name'),
    assemblies: assemblies && readAssemblies(assemblies),
    constraints: constraints && readConstraints(constraints),
    escalation: readEscalation(context.report, deployable),
  });
}

function readAssemblies(assemblies: InspectedElement): Tree {
  const { report } = assemblies.context;
  return namedMap(assemblies, assemblies.children('assembly'), (assembly) => {
    const services = assembly.child('services');
    return map(assembly.at, {
      ...readMachine(assembly),
      resources: services && namedMap(services, services.children('service'), readService),
      escalation: readEscalation(report, assembly),
    });
  });
}

/** What the original left to the image and to its launcher. */
function readMachine(assembly: InspectedElement): Readonly<Record<string, Tree | undefined>> {
  const [cpus, memory] = [assembly.optional('cpus'), assembly.optional('memory')];
  const [disks, networks] = [assembly.child('disks'), assembly.child('networks')];
  const placement = assembly.child('placement');
  const listOf = ({ at }: InspectedElement, items: readonly Tree[]): Tree => ({ ...at, kind: 'list', items });
  return {
    image: assembly.optional('image'),
    size: cpus === undefined && memory === undefined ? undefined : map(assembly.at, { cpus, memory }),
    disks:
      disks &&
      listOf(
        disks,
        disks
          .children('disk')
          .map((disk) => map(disk.at, { name: disk.required('name'), size: disk.required('size') })),
      ),
    networks:
      networks &&
      listOf(
        networks,
        networks.children('network').map((network) => network.required('name')),
      ),
    placement: placement && namedMap(placement, placement.children('word'), (word) => word.required('value')),
    monitoring: assembly.optional('monitoring'),
  };
}

function readService(service: InspectedElement): Tree {
  const { report } = service.context;
  const serviceClass = service.required('class');
  const type = service.required('type');
  const isExec = serviceClass.kind === 'scalar' && serviceClass.text === 'exec';
  const isOcf = serviceClass.kind === 'scalar' && serviceClass.text === 'ocf';
  const interval = service.optional('monitor_interval');
  const configure = service.child('configure_executable');
  const parameters = service.child('parameters') ?? service.child('paramaters');
  // The shell wrote provider="pacemaker" for lsb too, where it has no meaning.
  const agent = map(service.at, {
    class: serviceClass,
    provider: isOcf ? service.optional('provider') : undefined,
    type,
  });
  return map(service.at, {
    exec: isExec ? map(service.at, { command: readCommandLine(report, type) }) : undefined,
    agent: isExec ? undefined : agent,
    parameters: parameters && readParameters(parameters),
    configure: configure && map(configure.at, { url: configure.required('url') }),
    monitor: interval && map(service.at, { interval: inSeconds(interval) }),
    escalation: readEscalation(report, service),
  });
}

function readCommandLine(report: Report, type: ScalarTree | InvalidTree): Tree {
  if (type.kind === 'invalid') return type;
  const split = splitCommandLine(type.text);
  if (split.kind === 'malformed') {
    report.error(within(type, split.offset), split.message, 'quoting as in a shell');
    return { ...type, kind: 'invalid' };
  }
  const items = split.words.map((word): ScalarTree => {
    const at = within(type, word.offset);
    if (word.isOperator) {
      report.warning(at, `${quote(word.text)} is an argument here: no shell reads this line`, "sh -c '...', or quotes");
    }
    return {
      ...at,
      kind: 'scalar',
      text: word.text,
      quoted: true,
      placeOf: (offset) => type.placeOf(word.offset + offset),
    };
  });
  return { ...located(type), kind: 'list', items };
}

function readParameters(parameters: InspectedElement): Tree {
  const { report } = parameters.context;
  const elements = [...parameters.children('parameter'), ...parameters.children('paramater')];
  return namedMap(parameters, elements, (parameter): Tree => {
    const reference = parameter.child('reference');
    const sources = [
      parameter.optional('value'),
      parameter.child('value')?.content,
      reference && readReference(reference),
    ].filter((source) => source !== undefined);
    const [source, second] = sources;
    const allowed = 'one of: attribute value, element value, element reference';
    if (source === undefined) report.error(parameter.at, 'has no value', allowed);
    if (second !== undefined) report.error(second, 'is a second value', allowed);
    return source ?? { ...parameter.at, kind: 'invalid' };
  });
}

function readReference(reference: InspectedElement): Tree {
  const assembly = reference.required('assembly');
  const attribute = reference.required('parameter');
  return { ...reference.at, kind: 'reference', assembly, attribute };
}

function readConstraints(constraints: InspectedElement): Tree {
  const items = constraints.children('service_dependancy').map((dependency) => {
    const id = dependency.optional('id');
    const order: Tree = {
      ...dependency.at,
      kind: 'list',
      items: [dependency.required('first'), dependency.required('then')],
    };
    // The original's ids are often plain numbers, which no id of a CIB may be; its own prefix (cf2pe.xsl) makes them fit.
    return map(dependency.at, { order, id: id?.kind === 'scalar' ? { ...id, text: `depend_${id.text}` } : id });
  });
  return { ...constraints.at, kind: 'list', items };
}

/**
 * The original's shell wrote -1 or INFINITY where nobody had set a budget, and its engine (src/recover.c, recover_init)
 * took every number below 1 for "never escalate". Here every level has a budget: such values give the default one.
 */
function readEscalation(report: Report, element: InspectedElement): Tree | undefined {
  const read = (name: string): Tree | undefined => {
    const value = element.optional(name);
    if (value?.kind !== 'scalar' || !/^(?:-\d+|0+|INFINITY)$/.test(value.text)) return value;
    report.warning(value, `${quote(value.text)} meant "no budget"; the default one is used`, '1 or more');
    return undefined;
  };
  const failures = read('escalation_failures');
  const period = read('escalation_period');
  if (failures === undefined && period === undefined) return undefined;
  return map(element.at, { failures, period: period && inSeconds(period) });
}

function inSeconds(value: Tree): Tree {
  return value.kind === 'scalar' && /^\d+$/.test(value.text) ? { ...value, text: `${value.text}s` } : value;
}

function map(at: Located, fields: Readonly<Record<string, Tree | undefined>>): MapTree {
  const entries = Object.entries(fields).flatMap(([key, value]): TreeEntry[] =>
    value === undefined ? [] : [{ key, at: located(value), value }],
  );
  return { ...at, kind: 'map', entries };
}

/** A map whose keys are the name attributes of the elements. */
function namedMap(
  parent: InspectedElement,
  elements: readonly InspectedElement[],
  read: (element: InspectedElement) => Tree,
): MapTree {
  const entries = elements.map((element): TreeEntry => {
    const name = element.required('name');
    return { key: name.kind === 'scalar' ? name.text : undefined, at: located(name), value: read(element) };
  });
  return { ...parent.at, kind: 'map', entries };
}

function located({ line, column, path }: Located): Located {
  return { line, column, path };
}

function within(scalar: ScalarTree, offset: number): Located {
  const place: Place = scalar.placeOf(offset);
  return { ...place, path: scalar.path };
}
