import { parseArgs } from 'node:util';

/** What `cpe-agent` was called for. */
export type AgentCommand =
  | { readonly kind: 'run'; readonly identityFile: string }
  | { readonly kind: 'check'; readonly identityFile: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly message: string };

export const usage = `usage: cpe-agent --identity FILE
       cpe-agent --check FILE | --version | --help

Runs the resources of one instance: starts, monitors and stops them as its decider orders, and repairs by itself what
was delegated to it. Resources outlive the agent; the next one takes them over.

  --identity FILE   run as the instance that FILE describes (JSON, written by the launcher)
  --check FILE      say whether FILE is a valid identity and the files that it names can be used; starts nothing
  --version         print the version
  --help            print this

Environment:
  OCF_ROOT          root of the OCF resource agents (default /usr/lib/ocf)
  NOTIFY_SOCKET, WATCHDOG_USEC
                    set by systemd: the agent tells it when it is up, and that it is not stuck

Exit codes: 0 ended as it was asked to, or FILE is valid; 1 it cannot run, or FILE is not valid; 2 called wrongly.
SIGTERM and SIGINT end the agent and leave its resources running.
`;

/** Reads the arguments (without node and script). */
export function parseCommandLine(args: readonly string[]): AgentCommand {
  let given: { identity?: string; check?: string; version?: boolean; help?: boolean };
  try {
    given = parseArgs({
      args: [...args],
      options: {
        identity: { type: 'string' },
        check: { type: 'string' },
        version: { type: 'boolean', short: 'V' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return { kind: 'misused', message: error instanceof Error ? error.message : String(error) };
  }
  if (given.help) return { kind: 'help' };
  if (given.version) return { kind: 'version' };
  const { identity, check } = given;
  if (identity !== undefined && check !== undefined) {
    return { kind: 'misused', message: '--identity and --check: only one of them' };
  }
  if (check !== undefined) return { kind: 'check', identityFile: check };
  if (identity !== undefined) return { kind: 'run', identityFile: identity };
  return { kind: 'misused', message: '--identity FILE is required' };
}
