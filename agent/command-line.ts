import { parseArgs } from 'node:util';

/** What `cpe-agent` was called for. */
export type AgentCommand =
  | { readonly kind: 'run'; readonly identityFile: string }
  /** As the instance that this machine is found to be; Infinity: it is waited for as long as it takes. */
  | { readonly kind: 'guest'; readonly deadlineMs: number }
  | { readonly kind: 'check'; readonly identityFile: string }
  /** To load what a running agent needs, so that it can be kept compiled (agent/start.ts). */
  | { readonly kind: 'prepare' }
  /** To load it for the agent that comes next. */
  | { readonly kind: 'rehearse' }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly message: string };

export const usage = `usage: cpe-agent --identity FILE | --guest [--deadline SECONDS]
       cpe-agent --check FILE | --prepare | --rehearse | --version | --help

Runs the resources of one instance: starts, monitors and stops them as its decider orders, and repairs by itself what
was delegated to it. Resources outlive the agent; the next one takes them over.

  --identity FILE   run as the instance that FILE describes (JSON)
  --guest           run as the instance that this machine was started as: what its launcher has handed over is looked for
                    in systemd's credentials, in QEMU's fw_cfg, in /etc/cpe-agent and on a seed disk, until it is there
  --deadline SECONDS
                    of the search; default: none
  --check FILE      say whether FILE is a valid identity and the files that it names can be used; starts nothing
  --prepare         keep the program compiled for this Node beside it, so that agents start in half of the time; packages
                    and images do
  --rehearse        load all of it and end: the first agent of a boot finds in memory what it would read from the disk
  --version         print the version
  --help            print this

Environment:
  CREDENTIALS_DIRECTORY
                    set by systemd for units with credentials
  CPE_AGENT_AFTER   with --guest: a file that is waited for, half a minute at most, before anything is run
  OCF_ROOT          root of the OCF resource agents (default /usr/lib/ocf)
  NOTIFY_SOCKET, WATCHDOG_USEC
                    set by systemd: the agent tells it when it is up, and that it is not stuck

Exit codes: 0 ended as it was asked to, or FILE is valid; 1 it cannot run, or FILE is not valid; 2 called wrongly.
SIGTERM and SIGINT end the agent and leave its resources running.
`;

/** Reads the arguments (without node and script). */
export function parseCommandLine(args: readonly string[]): AgentCommand {
  let given: {
    identity?: string;
    guest?: boolean;
    deadline?: string;
    check?: string;
    prepare?: boolean;
    rehearse?: boolean;
    version?: boolean;
    help?: boolean;
  };
  try {
    given = parseArgs({
      args: [...args],
      options: {
        identity: { type: 'string' },
        guest: { type: 'boolean' },
        deadline: { type: 'string' },
        check: { type: 'string' },
        prepare: { type: 'boolean' },
        rehearse: { type: 'boolean' },
        version: { type: 'boolean', short: 'V' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return { kind: 'misused', message: error instanceof Error ? error.message : String(error) };
  }
  if (given.help) return { kind: 'help' };
  if (given.version) return { kind: 'version' };
  const { identity, guest, deadline, check, prepare, rehearse } = given;
  if ([identity, guest, check, prepare, rehearse].filter((option) => option !== undefined).length > 1)
    return { kind: 'misused', message: '--identity, --guest, --check, --prepare and --rehearse: only one of them' };
  if (deadline !== undefined && guest !== true) return { kind: 'misused', message: '--deadline needs --guest' };
  if (prepare === true) return { kind: 'prepare' };
  if (rehearse === true) return { kind: 'rehearse' };
  if (check !== undefined) return { kind: 'check', identityFile: check };
  if (identity !== undefined) return { kind: 'run', identityFile: identity };
  if (guest === true) return guestCommand(deadline);
  return { kind: 'misused', message: '--identity FILE or --guest is required' };
}

function guestCommand(deadline: string | undefined): AgentCommand {
  if (deadline === undefined) return { kind: 'guest', deadlineMs: Number.POSITIVE_INFINITY };
  if (/^\d{1,6}$/.test(deadline)) return { kind: 'guest', deadlineMs: Number(deadline) * 1000 };
  return { kind: 'misused', message: `--deadline: not a number of seconds: ${deadline}` };
}
