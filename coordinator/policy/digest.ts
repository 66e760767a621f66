import { createHash } from 'node:crypto';
import type { RestartDigest } from '../state/history.js';

/**
 * `op-digest` of an operation, as the scheduler computes it from the configuration to find out whether parameters have
 * changed since (lib/common/digest.c calculate_xml_digest_v1, lib/common/operations.c pcmk__filter_op_for_digest): md5 of
 * a `parameters` element with one space before and one line feed after it, its attributes sorted bytewise.
 *
 * @param parameters instance attributes as the graph's action carries them (encodeParameter: printable ASCII);
 *   `CRM_meta_*` among them are left out
 * @param operation name of the operation; probes, starts and stops hash alike
 * @param intervalMs 0 for operations that do not recur
 * @param timeoutMs enters the digest of recurring operations only
 */
export function operationDigest(
  parameters: Readonly<Record<string, string>>,
  _operation: string,
  intervalMs: number,
  timeoutMs: number,
): string {
  const hashed = Object.entries(parameters).filter(([name]) => !isLeftOut(name));
  if (intervalMs > 0) {
    hashed.push(['CRM_meta_timeout', String(timeoutMs)]);
  }
  const attributes = hashed
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => ` ${name}="${escapeForDigest(value)}"`)
    .join('');
  return createHash('md5').update(` <parameters${attributes}/>\n`).digest('hex');
}

/**
 * `op-force-restart` and `op-restart-digest` of an operation whose agent can reload (daemons/controld/controld_execd.c
 * append_restart_list): the scheduler computes the digest again from the same names and today's values, and plans a
 * restart where it differs, and else a reload (lib/pengine/pe_digest.c calculate_restart_digest).
 *
 * @param parameters of the operation, as the graph's action carries them
 * @param restartParameters names of those whose change needs a restart
 */
export function restartDigest(
  parameters: Iterable<readonly [string, string]>,
  restartParameters: readonly string[],
): RestartDigest {
  const restarting = [...parameters].filter(([name]) => restartParameters.includes(name));
  return { parameters: restartParameters, digest: operationDigest(Object.fromEntries(restarting), 'start', 0, 0) };
}

/** lib/common/operations.c should_filter_for_digest. */
const leftOut: ReadonlySet<string> = new Set([
  'id',
  'crm_feature_set',
  'op-digest',
  'on_node',
  'on_node_uuid',
  'pcmk_external_ip',
]);

function isLeftOut(name: string): boolean {
  return name.startsWith('CRM_meta_') || leftOut.has(name);
}

const escapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
};

/** lib/common/xml.c crm_xml_escape, for printable ASCII. */
function escapeForDigest(value: string): string {
  return value.replace(/[<>"'&]/g, (character) => escapes[character] ?? character);
}
