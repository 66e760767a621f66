import type { Command } from 'commander';
import type { SysconfigStatus } from '../../../proto/messages.js';
import { type AgentMethod, type MethodOptions, method, type RenderContext, type Typed } from '../agent-method.js';
import type { MethodArgument } from '../agent-words.js';
import { exitCodes, type Failure, failure } from '../exit-code.js';
import { readText } from '../read-text.js';
import { renderObject, renderText } from '../views/agent-answer-view.js';

/** A text has to fit a message of the bus, with room for the rest of it. */
const maxTextBytes = 4 * 1024 * 1024;
/** A configuration installs packages, perhaps. */
const configureMs = 600_000;

const keyWord = { name: 'key', help: 'letters, digits, dots, dashes and underscores, no dot at the beginning' };
const textWord = { name: 'text', help: 'the configuration, unless it is given with -f' };
const textArguments = ({ file }: MethodOptions): readonly MethodArgument[] => (file === undefined ? [textWord] : []);

/** Methods of Matahari's Sysconfig. */
export const sysconfigMethods: readonly AgentMethod[] = [
  method({
    name: 'get',
    call: 'sysconfigGet',
    description: 'properties, with the mark that whoever configures the machine has set',
    examples: ['web'],
    value: () => ({}),
    render: (object, { colors }) => renderObject(object, colors),
  }),
  method({
    name: 'set-postboot-configured',
    call: 'sysconfigSetPostbootConfigured',
    description: 'set the mark that the machine is configured',
    examples: ['web 1'],
    arguments: () => [{ name: 'value', help: 'a whole number; 0: it is not' }],
    value: ({ values: [text = ''] }) => {
      const isPostbootConfigured = Number(text);
      if (/^\d{1,10}$/.test(text) && isPostbootConfigured < 2 ** 32) return { isPostbootConfigured };
      return failure(exitCodes.usage, `${text} is no mark`, 'give a whole number from 0 on');
    },
    render: () => '',
  }),
  method({
    name: 'run-uri',
    call: 'sysconfigRunUri',
    description: 'fetch a configuration and apply it, once for each key; exit status 0 or 5',
    examples: ['web https://config.example/base.pp --scheme puppet --key base-1'],
    arguments: () => [{ name: 'uri', help: 'where it is, as the machine sees it' }],
    options: configureOptions,
    value: ({ values: [uri = ''], given }) => {
      const how = readHow(given);
      return 'kind' in how ? how : { uri, ...how };
    },
    usualMs: configureMs,
    render: renderStatus,
    isExpected: isApplied,
  }),
  method({
    name: 'run-string',
    call: 'sysconfigRunString',
    description: 'apply a configuration, once for each key; exit status 0 or 5',
    examples: [
      'web -f setup.sh --scheme script --key base-1',
      'web "hostname >/etc/motd" --scheme script --key motd --force',
      'shop web -f changes.aug --scheme augeas --key ssh-1',
    ],
    arguments: textArguments,
    options: (command) => configureOptions(fileOption(command)),
    value: async (typed) => {
      const how = readHow(typed.given);
      if ('kind' in how) return how;
      const text = await textOf(typed);
      return typeof text === 'string' ? { text, ...how } : text;
    },
    usualMs: configureMs,
    render: renderStatus,
    isExpected: isApplied,
  }),
  method({
    name: 'query',
    call: 'sysconfigQuery',
    description: 'the value of a node of the configuration (augeas)',
    examples: ['web /files/etc/hostname/hostname', 'shop web /files/etc/ssh/sshd_config/PermitRootLogin'],
    arguments: () => [{ name: 'text', help: 'path of the node' }],
    options: (command) => command.option('--scheme <name>', 'augeas is the only one with questions', 'augeas'),
    value: ({ values: [text = ''], given }) => ({ text, flags: 0, scheme: given.scheme ?? 'augeas' }),
    usualMs: 60_000,
    render: ({ data }, context) => renderText(data, context),
  }),
  method({
    name: 'is-configured',
    call: 'sysconfigIsConfigured',
    description: 'what came of the configuration with this key; exit status 0 or 5',
    examples: ['web base-1'],
    arguments: () => [keyWord],
    value: ({ values: [key = ''] }) => ({ key }),
    render: renderStatus,
    isExpected: isApplied,
  }),
];

function fileOption(command: Command): Command {
  return command.option('-f, --file <file>', 'the text is in this file; - is standard input');
}

function configureOptions(command: Command): Command {
  return command
    .option('--scheme <name>', 'puppet, augeas or script')
    .option('--key <key>', `under which the result is kept: ${keyWord.help}`)
    .option('--force', 'also when the key is set already');
}

interface HowToConfigure {
  readonly scheme: string;
  readonly flags: number;
  readonly key: string;
}

function readHow({ scheme, key, force }: MethodOptions): HowToConfigure | Failure {
  if (scheme === undefined) {
    return failure(exitCodes.usage, 'the scheme is missing', 'give it with --scheme: puppet, augeas or script');
  }
  if (key === undefined) {
    return failure(exitCodes.usage, 'the key is missing', `give it with --key, a name of your choice: ${keyWord.help}`);
  }
  return { scheme, flags: force === true ? 1 : 0, key };
}

async function textOf({ values: [text = ''], given }: Typed): Promise<string | Failure> {
  if (given.file === undefined) return text;
  const read = await readText(given.file, { maxBytes: maxTextBytes, hint: 'let the machine fetch it: run-uri' });
  return read.kind === 'failure' ? read : read.text;
}

function renderStatus({ status }: SysconfigStatus, context: RenderContext): string {
  return renderText(status, context);
}

/** Its first line is OK, or FAILED. */
function isApplied({ status }: SysconfigStatus): boolean {
  return /^OK(\n|$)/.test(status);
}
