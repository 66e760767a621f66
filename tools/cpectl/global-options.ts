import { type Command, InvalidArgumentError } from 'commander';
import { namePattern } from '../../coordinator/model/deployable.js';
import { durationForm, parseDuration } from '../../coordinator/model/quantities.js';
import { resolveHome } from './home.js';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  /** Absolute path of the coordinator's state directory. */
  readonly home: string;
  /** Starts the coordinator of this home. */
  readonly upCommand: string;
  /** Print data for programs, and nothing else, on standard output. */
  readonly json: boolean;
  /** `--timeout`; undefined where it was not given. */
  readonly timeoutMs: number | undefined;
  /** Credentials file of whoever asks; undefined: the home's own operator. */
  readonly identity?: string | undefined;
  /** Bus servers to ask over; undefined: those of the home. */
  readonly busServers?: readonly string[] | undefined;
}

interface RawOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly timeout?: number;
  readonly identity?: string;
  readonly server?: string;
}

export function addGlobalOptions(program: Command): Command {
  return program
    .option('--home <directory>', 'state directory of the coordinator (environment: CPE_HOME)')
    .option('--identity <file>', 'ask as whom these credentials are for (environment: CPE_IDENTITY)')
    .option('--server <urls>', 'bus servers, where no coordinator is on this machine (environment: CPE_SERVER)')
    .option('--json', 'print data for programs instead of text for people')
    .option('--timeout <duration>', 'give up after this long: 500ms, 10s, 5m, 1h', parseTimeout);
}

/** The global options as `command` (any command of the program) was given them. */
export function globalOptions(command: Command): GlobalOptions {
  const {
    home,
    json,
    timeout,
    identity = process.env.CPE_IDENTITY || undefined,
    server = process.env.CPE_SERVER || undefined,
  } = command.optsWithGlobals<RawOptions>();
  const resolved = resolveHome(home);
  const upCommand = home === undefined ? 'cpectl up' : `cpectl up --home ${resolved}`;
  return {
    home: resolved,
    upCommand,
    json: json === true,
    timeoutMs: timeout,
    identity,
    busServers: server?.split(','),
  };
}

/** What a timer of Node can wait for: a longer one would fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

export function parseTimeout(text: string): number {
  const timeoutMs = parseDuration(text);
  if (timeoutMs === undefined || timeoutMs === 0 || timeoutMs > longestTimeoutMs) {
    throw new InvalidArgumentError(`Allowed: ${durationForm} (at most 24d).`);
  }
  return timeoutMs;
}

/** Reads the NAME of a deployable. */
export function parseName(text: string): string {
  if (namePattern.test(text)) return text;
  throw new InvalidArgumentError('Allowed: a letter or _, then letters, digits, _ and -; at most 63 in all.');
}

/** Reads a whole number from `least` on. */
export function parseWhole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`Allowed: a whole number from ${least} on.`);
  };
}
