import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { type GlobalOptions, parseName, parseTimeout } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { identityJson, renderIdentities } from '../views/identity-view.js';
import { writeOnce } from '../write-once.js';
import { registerRotate } from './auth-rotate.js';

const roles = ['operator', 'viewer', 'launcher'] as const;

/** `cpectl auth ...`: who may enter the bus, and as what. */
export function registerAuth(program: Command, terminal: Terminal): void {
  const group = program.command('auth').description('identities: who may enter, and as what');
  registerCreate(group, terminal);
  registerList(group, terminal);
  registerRevoke(group, terminal);
  registerRotate(group, terminal);
  registerExport(group, terminal);
}

interface CreateOptions {
  readonly role: (typeof roles)[number];
  readonly deployable?: readonly string[];
  readonly lifetime?: number;
  readonly out?: string;
}

function registerCreate(group: Command, terminal: Terminal): void {
  group
    .command('create')
    .description('a new identity; what lets it in is written to a file, once')
    .argument('<name>', 'its name; of a launcher host the name of the host', parseName)
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--deployable <name...>', 'what it may see or change (default: all)')
    .option('--lifetime <duration>', 'after which it is void (default: a year; of launcher hosts: never)', parseTimeout)
    .option('--out <file>', 'file to write (default: <name>.creds); it must not be there yet')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl auth create ann --role operator --out ann.creds',
        'cpectl auth create wallboard --role viewer --deployable shop',
        'cpectl auth create right --role launcher --out right.creds',
      ])}

An operator uses the file with cpectl --identity FILE, on another machine with --server URL as well; a launcher host with
cpectl launcher up.`,
    )
    .action((name: string, given: CreateOptions, command: Command) =>
      runCommand(terminal, command, (options) => create(terminal, options, name, given)),
    );
}

function create(
  terminal: Terminal,
  options: GlobalOptions,
  name: string,
  { role, deployable = [], lifetime = 0, out = `${name}.creds` }: CreateOptions,
): Promise<CommandOutcome> {
  return writeOnce(out, (write) =>
    withCoordinator(options, async (coordinator) => {
      const wish = { name, role, deployables: [...deployable], lifetimeMs: lifetime };
      const answered = await coordinator.ask('authCreate', wish);
      if (answered.kind === 'error') return explainError(answered.error);
      const { identity, credentials } = answered.value;
      const file = await write(credentials);
      if (options.json) printJson(terminal, { ...(identity === undefined ? {} : identityJson(identity)), file });
      else terminal.out.write(`${role} ${name}: ${file} lets it in; keep it secret, it is written only once\n`);
      return done;
    }),
  );
}

function registerList(group: Command, terminal: Terminal): void {
  group
    .command('list')
    .description('identities that were made here: their role, what they are limited to, and until when they are good')
    .option('--instances', 'also agents whose credentials are void before their end')
    .addHelpText('after', examplesText(['cpectl auth list', 'cpectl auth list --json']))
    .action((given: { readonly instances?: boolean }, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('authList', { instances: given.instances === true });
          if (answered.kind === 'error') return explainError(answered.error);
          const { identities } = answered.value;
          if (options.json) printJson(terminal, identities.map(identityJson));
          else if (identities.length > 0) {
            terminal.out.write(renderIdentities(identities, Date.now(), terminal.out.colors));
          } else terminal.err.write('none was made; the coordinator has its own operator and viewer\n');
          return done;
        }),
      ),
    );
}

function registerRevoke(group: Command, terminal: Terminal): void {
  group
    .command('revoke')
    .description('what lets an identity in is void within a second, also where it is connected')
    .argument('<name>', 'name of the identity; of an agent the id of its instance')
    .addHelpText('after', examplesText(['cpectl auth revoke ann', 'cpectl auth revoke shop.web.left.12-3']))
    .action((name: string, _given: unknown, command: Command) =>
      runCommand(terminal, command, (options) =>
        withCoordinator(options, async (coordinator) => {
          const answered = await coordinator.ask('authRevoke', { name });
          if (answered.kind === 'error') return explainError(answered.error);
          if (options.json) printJson(terminal, { name, revoked: true });
          else terminal.out.write(`${name} is revoked\n`);
          return done;
        }),
      ),
    );
}

function registerExport(group: Command, terminal: Terminal): void {
  group
    .command('export')
    .description('what bus servers of your own have to be configured with, to know the identities of this site')
    .option('--accounts <directory>', 'where they keep the tokens of accounts', '/var/lib/nats/accounts')
    .option('--certificate <file>', 'file to write what they show: a certificate, good for a year, and its key')
    .addHelpText(
      'after',
      `${examplesText(['cpectl auth export --certificate /etc/nats/bus.pem >> /etc/nats-server.conf'])}

The file belongs on the server, at the same path, readable by nats-server alone. One file for each server, or one for all.`,
    )
    .action((given: { readonly accounts: string; readonly certificate?: string }, command: Command) =>
      runCommand(terminal, command, async (options) => {
        const [{ renderSecurity }, { openAuthority }, { ensureServerCertificate }, { readSiteConfig }] =
          await Promise.all([
            import('../../../coordinator/cpe/bus-server.js'),
            import('../../../coordinator/identity/authority.js'),
            import('../../../coordinator/identity/site-ca.js'),
            import('../../../coordinator/cpe/site-config.js'),
          ]);
        if (readSiteConfig(options.home) === undefined) {
          return failure(exitCodes.failed, `${options.home} was never set up`, `run: ${options.upCommand}`);
        }
        const certificate = resolve(given.certificate ?? '/etc/nats/bus.pem');
        if (given.certificate !== undefined) {
          await ensureServerCertificate(options.home, certificate, { now: Date.now(), addresses: [] });
        }
        const text = renderSecurity(await openAuthority(options.home), { accounts: given.accounts, certificate });
        if (options.json) printJson(terminal, { configuration: text });
        else terminal.out.write(text);
        return done;
      }),
    );
}
