// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assembly } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';

/** Every error of a document, as `line:column path: message`. */
function errorsOf(text: string): string[] {
  const parsed = parseDeployable(text, 'xml');
  const errors = parsed.kind === 'problems' ? parsed.problems.filter(({ severity }) => severity === 'error') : [];
  return errors.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

/** Assemblies and the warnings, as `line:column message`. */
function read(text: string): { assemblies: readonly Assembly[]; warnings: string[] } {
  const parsed = parseDeployable(text, 'xml');
  if (parsed.kind === 'problems') assert.fail(errorsOf(text).join('\n'));
  const warnings = parsed.warnings.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return { assemblies: parsed.deployable.assemblies, warnings };
}

const rest = '<assemblies><assembly name="a"/></assemblies></deployable>';
/** Services of one assembly, from line 2 on. */
const services = (...lines: string[]): string =>
  `<deployable name="d"><assemblies><assembly name="a"><services>\n${lines.join('\n')}\n</services></assembly></assemblies></deployable>`;
const inService = '/deployable/assemblies/assembly[1]/services/service[1]';

const broken: Record<string, [document: string, errors: string[]]> = {
  'nothing in it': [' \n', ['0:0 : the document is empty']],
  'no element': ['\nhello', ['2:1 : a text outside of the root element']],
  'another root': ['<cib/>', ['1:1 /cib: the root element is <cib>']],
  'two roots': ['<deployable name="d"/>\n<deployable name="d"/>', ['2:1 : a second root element']],
  'an end tag of another element': [
    '<deployable name="d">\n<assemblies>\n</deployable>\n</assemblies>',
    ['3:1 : </deployable> does not close <assemblies> of line 2'],
  ],
  'an end tag of nothing': [`<deployable name="d">${rest}</x>`, ['1:80 : </x> closes nothing that is open']],
  'an element that is not closed': ['<deployable name="d">\n  <assemblies>\n', ['2:3 : <assemblies> is never closed']],
  'a plain & in a value': [
    services('<service name="s" class="exec" type="curl http://x?a=1&b=2"/>'),
    ['2:55 : a plain & is written &amp;'],
  ],
  'a plain & in a text': [`<deployable name="d">a & b &amp; c${rest}`, ['1:24 : a plain & is written &amp;']],
  'a quote that is not closed': [
    '<deployable name="d>\n<assemblies/></deployable>',
    ['2:1 : a < in the value of an attribute, or a quote is missing'],
  ],
  'attributes without quotes or value': [
    `<deployable name=d uuid>${rest}`,
    ['1:18 : XML: unquoted attribute value', '1:24 : XML: attribute without value'],
  ],
  'a character that XML cannot hold': ['<deployable name="d\u0001"/>', ['1:20 : XML: disallowed character']],
  'a declaration that is not at the start': [
    '\n<?xml version="1.0"?><deployable/>',
    ['2:6 : XML: an XML declaration must be at the start of the document'],
  ],
};

const refused: Record<string, [document: string, errors: string[]]> = {
  'a DOCTYPE and its entities': [
    `<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<deployable name="&x;">${rest}`,
    ['2:1 : a DOCTYPE is refused: it could define entities', '3:19 : the entity &x; is refused'],
  ],
  'an external DOCTYPE': [
    `<!DOCTYPE deployable SYSTEM "http://example.org/d.dtd">\n<deployable name="d">${rest}`,
    ['1:1 : a DOCTYPE is refused: it could define entities'],
  ],
  'entities in a text': [
    services(
      '<service name="s" class="ocf" provider="p" type="t">',
      '<parameters><parameter name="p"><value>x &one; &amp; &two;</value></parameter></parameters></service>',
    ),
    ['3:42 : the entity &one; is refused', '3:54 : the entity &two; is refused'],
  ],
  'a processing instruction': [
    `<?xml version="1.0"?>\n  <?xml-stylesheet href="x"?>\n<deployable name="d">${rest}`,
    ['2:3 : the processing instruction <?xml-stylesheet?> is refused'],
  ],
  'another version or encoding': [
    `<?xml version="1.1" encoding="ISO-8859-1"?><!-- é -->\n<deployable name="d">${rest}`,
    ['1:1 : XML 1.1 is not supported', '1:1 : the encoding ISO-8859-1 is not supported'],
  ],
  'references outside of the document': [
    `<deployable name="d" xsi:schemaLocation="x"><xi:include href="x"/>${rest}`,
    [
      '1:22 /deployable/@xsi:schemaLocation: the attribute xsi:schemaLocation is refused: it points outside of the document',
      '1:45 /deployable/xi:include: the element <xi:include> is refused: it points outside of the document',
    ],
  ],
  'an attribute given twice': [`<deployable name="d"\n name="e">${rest}`, ['2:2 : the attribute name is given twice']],
  'unknown attributes, elements and texts': [
    `<deployable name="d" colour="x">text${rest.replace('<assembly ', '<asembly name="b"/><assembly ')}`,
    [
      '1:22 /deployable/@colour: unknown attribute colour',
      '1:33 /deployable: a text inside of <deployable>',
      '1:49 /deployable/assemblies/asembly: unknown element <asembly>, did you mean assembly?',
    ],
  ],
  'an element that is there twice': [
    `<deployable name="d"><assemblies/>${rest}`,
    ['1:22 /deployable/assemblies: there is no assembly', '1:35 /deployable/assemblies[2]: a second <assemblies>'],
  ],
  'nothing that is required': [
    services('<service/>', '<service name="r" class="ocf" type="Dummy"/>'),
    [
      `2:1 ${inService}: the attribute name is missing`,
      `2:1 ${inService}: the attribute class is missing`,
      `2:1 ${inService}: the attribute type is missing`,
      '3:1 /deployable/assemblies/assembly[1]/services/service[2]: an ocf agent has a provider',
    ],
  ],
  'values that are none': [
    services(
      '<service name="a b" class="upstart" type="x" monitor_interval="soon" escalation_failures="two"',
      '  escalation_period="5 s"><configure_executable/></service>',
    ),
    [
      `2:16 ${inService}/@name: the resource name "a b" is not allowed`,
      `2:28 ${inService}/@class: the class "upstart" is unknown`,
      `2:64 ${inService}/@monitor_interval: "soon" is not a duration`,
      `2:91 ${inService}/@escalation_failures: "two" is not a whole number`,
      `3:22 ${inService}/@escalation_period: "5 s" is not a duration`,
      `3:27 ${inService}/configure_executable: the attribute url is missing`,
    ],
  ],
  'parameters with no value, with two, and with a wrong reference': [
    services(
      '<service name="s" class="ocf" provider="h" type="t"><parameters>',
      '<parameter name="p"/>',
      '<parameter name="q" value="1"><value>2</value></parameter>',
      '<parameter name="r"><reference assembly="b" parameter="ipadress"/></parameter>',
      '<parameter name="r" value="x"/>',
      '<parameter value="x"/>',
      '</parameters><paramaters/></service>',
    ),
    [
      `3:1 ${inService}/parameters/parameter[1]: has no value`,
      `4:38 ${inService}/parameters/parameter[2]/value: is a second value`,
      `5:42 ${inService}/parameters/parameter[3]/reference/@assembly: there is no assembly "b"`,
      `5:56 ${inService}/parameters/parameter[3]/reference/@parameter: an assembly has no "ipadress", did you mean ipaddress?`,
      `6:18 ${inService}/parameters/parameter[4]/@name: "r" is given twice, first at 5:18`,
      `7:1 ${inService}/parameters/parameter[5]: the attribute name is missing`,
      `8:14 ${inService}/paramaters: a second <paramaters>`,
    ],
  ],
  'command lines that are none': [
    services(
      `<service name="e" class="exec" type="sh -c 'x"/>`,
      '<service name="f" class="exec" type=" "/>',
      '<service name="g" class="exec" type="x \'y ${b.ipaddress}\'"/>',
    ),
    [
      `2:44 ${inService}/@type: a ' is never closed`,
      '3:38 /deployable/assemblies/assembly[1]/services/service[2]/@type: has no program',
      '4:42 /deployable/assemblies/assembly[1]/services/service[3]/@type: there is no assembly "b"',
    ],
  ],
};

for (const [name, [document, expected]] of Object.entries({ ...broken, ...refused })) {
  test(`XML with ${name} is refused at its place`, () => assert.deepEqual(errorsOf(document), expected));
}

test('what the shell of the original wrote is understood, misspelt and with what has no meaning any more', () => {
  const { assemblies, warnings } = read(
    `<?xml version="1.0"?>
<deployable name="foo" uuid="123456" monitor="tester" username="me">
  <assemblies>
    <assembly name="bar" uuid="7891011" escalation_failures="INFINITY" escalation_period="INFINITY">
      <services>
        <service name="angus" provider="pacemaker" class="lsb" type="httpd" monitor_interval="58s" escalation_period="-1" escalation_failures="-1"/>
        <service name="dummy" provider="heartbeat" class="ocf" type="Dummy" monitor_interval="1" escalation_period="10" escalation_failures="2">
          <paramaters><paramater name="fake" value="1"/></paramaters>
        </service>
      </services>
    </assembly>
  </assemblies>
  <constraints/>
</deployable>
`,
  );
  const [angus, dummy] = assemblies[0]?.resources ?? [];
  assert.deepEqual(angus?.agent, { class: 'lsb', type: 'httpd' });
  assert.equal(angus?.monitor.intervalMs, 58_000);
  assert.deepEqual(angus?.escalation, { failures: 3, periodMs: 300_000 });
  assert.deepEqual(assemblies[0]?.escalation, { failures: 3, periodMs: 600_000 });
  assert.equal(dummy?.monitor.intervalMs, 1000);
  assert.deepEqual(dummy?.escalation, { failures: 2, periodMs: 10_000 });
  assert.deepEqual(dummy?.parameters, { fake: [{ kind: 'text', text: '1' }] });
  assert.deepEqual(warnings, [
    '4:62 "INFINITY" meant "no budget"; the default one is used',
    '4:91 "INFINITY" meant "no budget"; the default one is used',
    '6:119 "-1" meant "no budget"; the default one is used',
    '6:144 "-1" meant "no budget"; the default one is used',
  ]);
});

test('an assembly may say what its VM is made of', () => {
  const { assemblies, warnings } = read(
    `<deployable name="d"><assemblies>
<assembly name="a" image="debian-12" cpus="2" memory="1GiB" monitoring="passive">
  <disks><disk name="data" size="10GiB"/></disks>
  <networks><network name="front"/><network name="storage net"/></networks>
  <placement><word name="zone" value="b"/></placement>
</assembly>
</assemblies></deployable>`,
  );
  const [a] = assemblies;
  assert.deepEqual([a?.image, a?.cpus, a?.memoryMiB, a?.monitoring], ['debian-12', 2, 1024, 'passive']);
  assert.deepEqual(a?.disks, [{ name: 'data', sizeMiB: 10_240 }]);
  assert.deepEqual([a?.networks, a?.platformPlacement], [['front', 'storage net'], { zone: 'b' }]);
  assert.deepEqual(warnings, []);
});

test('parameters have values, references, comments and CDATA; of an exec service they are its environment', () => {
  const parameters = `<parameters>
    <parameter name="wp_name" type="scalar"><value>word<!-- -->press &lt;&#x21;<![CDATA[ & ]]></value></parameter>
    <parameter name="ip" type="scalar"><reference assembly="a" parameter="ipaddress"/></parameter>
    <parameter name="empty"><value/></parameter>
  </parameters>`;
  const { assemblies } = read(
    services(
      `<service name="o" class="ocf" provider="h" type="t">${parameters}<configure_executable url="http://x.org/c.sh"/></service>`,
      `<service name="e" class="exec" type="run">${parameters}</service>`,
    ),
  );
  const [ocf, exec] = assemblies[0]?.resources ?? [];
  const expected = {
    wp_name: [{ kind: 'text', text: 'wordpress <! & ' }],
    ip: [{ kind: 'reference', assembly: 'a', attribute: 'ipaddress' }],
    empty: [],
  };
  assert.deepEqual(ocf?.parameters, expected);
  assert.deepEqual(ocf?.configure, { url: 'http://x.org/c.sh', timeoutMs: 60_000 });
  assert.deepEqual(exec?.parameters, {});
  assert.deepEqual(exec?.agent.class === 'exec' && exec.agent.exec.environment, expected);
});

test('a command line is split without a shell, and says so where it looks like one', () => {
  const { assemblies, warnings } = read(
    services(`<service name="e" class="exec" type="sh -c 'a &gt; b' &gt; &quot;${'${self.hostname}'}&quot;"/>`),
  );
  const agent = assemblies[0]?.resources[0]?.agent;
  const self = { kind: 'reference', assembly: 'a', attribute: 'hostname' };
  assert.deepEqual(agent?.class === 'exec' && agent.exec.command, [
    [{ kind: 'text', text: 'sh' }],
    [{ kind: 'text', text: '-c' }],
    [{ kind: 'text', text: 'a > b' }],
    [{ kind: 'text', text: '>' }],
    [self],
  ]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /">" is an argument here: no shell reads this line/);
});

test('character references and the predefined entities stand for their characters', () => {
  assert.equal(read(`<deployable name="&#100;&#x65;">${rest}`).assemblies.length, 1);
});
