import type { OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { lastWords } from './last-words.js';
import type { ScriptEnd } from './run-script.js';

const maxReasonLength = 256;
const cookie = 'ocf-exit-reason:';

/**
 * What the end of a resource agent's script means. The exit reason is what follows the last `ocf-exit-reason:` on its
 * standard error (Pacemaker: daemons/execd/execd_commands.c, parse_exit_reason); an error without one is explained by
 * the last line that it wrote there, and a timeout by the last one that it wrote at all.
 *
 * @param toOcf maps the script's exit code to an OCF one.
 */
export function scriptOutcome(end: ScriptEnd, timeoutMs: number, toOcf: (code: number) => number): OperationOutcome {
  switch (end.kind) {
    case 'exited': {
      const rc = toOcf(end.code);
      const isFine = rc === Ocf.success || rc === Ocf.notRunning || rc === Ocf.runningPromoted;
      const reason = exitReason(end.errors);
      return outcome(rc, 'done', reason === '' && !isFine ? lastLine(end.errors) : reason, end.output);
    }
    case 'signalled':
      return outcome(Ocf.genericError, 'error', `ended by ${end.signal}`, end.output);
    case 'timeout': {
      const left = end.survivors.length === 0 ? '' : `; could not be killed: ${end.survivors.join(', ')}`;
      const said = lastWords(withoutEnds(end.errors) || withoutEnds(end.output));
      return outcome(Ocf.genericError, 'timeout', `did not end within ${timeoutMs / 1000} s${left}${said}`, end.output);
    }
    case 'cancelled': {
      const left = end.survivors.length === 0 ? '' : `; could not be killed: ${end.survivors.join(', ')}`;
      return outcome(Ocf.genericError, 'cancelled', `cancelled${left}`, end.output);
    }
    case 'not-started':
      return notStarted(end.code, end.message);
  }
}

function notStarted(code: string, message: string): OperationOutcome {
  switch (code) {
    case 'ENOENT':
      return outcome(Ocf.notInstalled, 'not-installed', message);
    case 'EACCES':
      return outcome(Ocf.noPermission, 'error', message);
    case 'E2BIG': {
      const reason = 'its parameters are longer than the kernel lets any program have them (E2BIG)';
      return outcome(Ocf.wrongArguments, 'error', reason);
    }
    default:
      return outcome(Ocf.genericError, 'error', message);
  }
}

/** Nothing was run because nothing there can be. */
export function notInstalled(reason: string): OperationOutcome {
  return outcome(Ocf.notInstalled, 'not-installed', reason);
}

export function outcome(
  rc: number,
  status: OperationOutcome['status'],
  exitReason = '',
  output = '',
): OperationOutcome {
  return { rc, status, exitReason: exitReason.slice(0, maxReasonLength), output };
}

function exitReason(errors: string): string {
  const at = errors.lastIndexOf(cookie);
  return at < 0 ? '' : (errors.slice(at + cookie.length).split('\n', 1)[0] ?? '').trim();
}

/** What a shell says when its children are killed with it is no reason. */
function withoutEnds(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.filter((line) => !/(^|[\s:])(Terminated|Killed)(\s|$)/.test(line)).join('\n');
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
