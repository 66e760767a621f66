import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ensureCredentials, ensureOwnIdentities } from '../../../coordinator/cpe/credentials.js';
import { rotateCertificate, signingProbe } from '../../../coordinator/cpe/key-rotation.js';
import { readSiteConfig, type SiteConfig } from '../../../coordinator/cpe/site-config.js';
import { keyFile, signingKeyNames } from '../../../coordinator/identity/authority.js';
import { announceKey, changeKey, forgetKey, rotationState } from '../../../coordinator/identity/signing-rotation.js';
import { withCoordinator } from '../coordinator.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { type GlobalOptions, parseName, parseTimeout } from '../global-options.js';
import { printJson, runCommand } from '../run-command.js';
import { examplesText } from '../subject-command.js';
import type { Terminal } from '../terminal.js';
import { identityJson } from '../views/identity-view.js';
import { writeOnce } from '../write-once.js';

interface RotateOptions {
  readonly out?: string;
  readonly grace?: number;
  readonly signingKey?: boolean;
  readonly certificate?: boolean;
  readonly finish?: boolean;
  readonly force?: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** `cpectl auth rotate`: new keys for old ones, while everything goes on. */
export function registerRotate(group: Command, terminal: Terminal): void {
  group
    .command('rotate')
    .description('new credentials for an identity, a new key that signs all of them, or a new certificate authority')
    .argument('[name]', 'identity that was made with auth create', parseName)
    .option('--out <file>', 'file to write (default: <name>.creds); it must not be there yet')
    .option('--grace <duration>', 'how long what the identity has now is still good (default: 1h)', parseTimeout)
    .option('--signing-key', 'the key that signs everybody’s credentials; those that it has signed stay good')
    .option('--finish', 'with --signing-key: what the key before has signed is void from now on')
    .option('--force', 'with --finish: also when somebody may still need it')
    .option('--certificate', 'the certificate authority by which the bus is known; who knows the one before stays in')
    .addHelpText(
      'after',
      `${examplesText([
        'cpectl auth rotate ann --out ann-2.creds',
        'cpectl auth rotate --signing-key',
        'cpectl auth rotate --signing-key --finish',
        'cpectl auth rotate --certificate',
      ])}

Keys are those of this home. In a site of several coordinator machines bring <home>/keys to the others afterwards, and
before that the file that --signing-key names while it waits.`,
    )
    .action((name: string | undefined, given: RotateOptions, command: Command) => {
      return runCommand(terminal, command, async (options) => {
        if ([name, given.signingKey, given.certificate].filter((each) => each !== undefined).length !== 1) {
          return failure(exitCodes.usage, 'say one of: the name of an identity, --signing-key, --certificate');
        }
        if (name !== undefined) return rotateIdentity(terminal, options, name, given);
        return atHome(options, (config) => {
          if (given.certificate === true) return certificate(terminal, options, config);
          return given.finish === true
            ? finish(terminal, options, given.force === true)
            : signingKey(terminal, options, config);
        });
      });
    });
}

function rotateIdentity(
  terminal: Terminal,
  options: GlobalOptions,
  name: string,
  { out = `${name}.creds`, grace = hourMs }: RotateOptions,
): Promise<CommandOutcome> {
  return writeOnce(out, (write) =>
    withCoordinator(options, async (coordinator) => {
      const answered = await coordinator.ask('authRotate', { name, graceMs: grace });
      if (answered.kind === 'error') return explainError(answered.error);
      const { identity, credentials } = answered.value;
      const file = await write(credentials);
      if (options.json) printJson(terminal, { ...(identity === undefined ? {} : identityJson(identity)), file });
      else terminal.out.write(`${name}: ${file} lets it in; what it had is void after ${grace / 1_000} s\n`);
      return done;
    }),
  );
}

async function atHome(
  options: GlobalOptions,
  work: (config: SiteConfig) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const config = readSiteConfig(options.home);
  if (config === undefined) {
    return failure(exitCodes.failed, `${options.home} was never set up`, `run: ${options.upCommand}`);
  }
  return work(config);
}

async function certificate(terminal: Terminal, options: GlobalOptions, config: SiteConfig): Promise<CommandOutcome> {
  const { isTold } = await rotateCertificate(options.home, config, Date.now());
  if (options.json) printJson(terminal, { rotated: 'certificate', server: isTold });
  else if (isTold) terminal.out.write('the bus has a new certificate authority; who knows the one before stays in\n');
  else terminal.out.write('the site has a new certificate authority; servers of your own: cpectl auth export\n');
  return done;
}

const probeMs = 500;
const announcedMs = 60_000;

/** Nothing is signed with the next key before the bus takes what it has signed. */
async function signingKey(terminal: Terminal, options: GlobalOptions, config: SiteConfig): Promise<CommandOutcome> {
  const { home } = options;
  const state = await rotationState(home);
  if (state.kind === 'changed') {
    const since = new Date(state.since).toISOString();
    return failure(
      exitCodes.failed,
      `the key was changed at ${since}, and the one before is still good`,
      'end that first: cpectl auth rotate --signing-key --finish',
    );
  }
  const seed = await announceKey(home);
  const next = keyFile(home, signingKeyNames.next);
  const isKnown = signingProbe(home, config.busUrl.split(','), seed);
  const until = Date.now() + (options.timeoutMs ?? announcedMs);
  while (!(await isKnown())) {
    if (Date.now() > until) {
      return failure(
        exitCodes.failed,
        'the bus does not know the next key yet, so nothing was changed',
        `is the coordinator up? of several, bring ${next} to the machine that leads; then run this again`,
      );
    }
    await delay(probeMs);
  }
  await changeKey(home);
  await ensureCredentials(home);
  const renewed = await ensureOwnIdentities(home);
  if (options.json) printJson(terminal, { rotated: 'signing-key', renewed });
  else {
    terminal.out.write('a new key signs from now on; agents have their credentials from it within 7 days\n');
    terminal.err.write('Then: cpectl auth rotate --signing-key --finish\n');
  }
  return done;
}

async function finish(terminal: Terminal, options: GlobalOptions, isForced: boolean): Promise<CommandOutcome> {
  const state = await rotationState(options.home);
  if (state.kind !== 'changed') {
    return failure(exitCodes.failed, 'no signing key is being changed', 'begin with: cpectl auth rotate --signing-key');
  }
  if (!isForced) {
    const needed = await whoNeeds(options, state);
    if (needed.length > 0) {
      return failure(
        exitCodes.failed,
        `what the key before has signed may still be needed: ${needed.join('; ')}`,
        'wait, or give them new ones with cpectl auth rotate NAME; --force shuts them out',
      );
    }
  }
  await forgetKey(options.home);
  if (options.json) printJson(terminal, { finished: 'signing-key' });
  else terminal.out.write('what the key before has signed is void\n');
  return done;
}

async function whoNeeds(
  options: GlobalOptions,
  { since, endsAt }: { readonly since: number; readonly endsAt: number },
): Promise<readonly string[]> {
  const days = Math.ceil((endsAt - Date.now()) / dayMs);
  const agents = days > 0 ? [`agents, for at most ${days} days`] : [];
  const identities: string[] = [];
  const outcome = await withCoordinator(options, async (coordinator) => {
    const answered = await coordinator.ask('authList', {});
    if (answered.kind === 'error') return explainError(answered.error);
    const held = answered.value.identities.filter(
      ({ createdUnixMs, expiresUnixMs, revokedUnixMs }) =>
        createdUnixMs < since && revokedUnixMs === 0 && (expiresUnixMs === 0 || expiresUnixMs > Date.now()),
    );
    identities.push(...held.map(({ role, name }) => `${role} ${name}`));
    return done;
  });
  return outcome === done ? [...agents, ...identities] : [...agents, 'identities that could not be listed'];
}
