import type { ExecDefinition, HealthCheck, Template } from '../model/deployable.js';
import { type KnownAssemblies, resolveTemplate } from './template.js';

/**
 * An exec definition with its references resolved, as JSON: the value of the CIB's instance attribute `definition`, and
 * what the order to start carries. Keys are sorted and absent ones left out, so that equal definitions are equal text
 * (its digest decides on restarts); characters beyond ASCII are escaped, because digests of such text differ between
 * versions of Pacemaker.
 *
 * Shape: `{command: string[], directory?: string, environment: {[name]: string}, health: Check[], user?: string}` with
 * Check `{kind: 'tcp', host, port} | {kind: 'http', url, status: number[]} | {kind: 'command', command: string[]}` and in
 * each `intervalMs, timeoutMs, failures, initialDelayMs`.
 *
 * @returns undefined while a value that it refers to is not known
 */
export function renderExecDefinition(exec: ExecDefinition, assemblies: KnownAssemblies): string | undefined {
  let isComplete = true;
  const resolve = (template: Template): string => {
    const text = resolveTemplate(template, assemblies);
    isComplete &&= text !== undefined;
    return text ?? '';
  };
  const definition = {
    command: exec.command.map(resolve),
    directory: exec.directory,
    environment: Object.fromEntries(Object.entries(exec.environment).map(([name, value]) => [name, resolve(value)])),
    health: exec.health.map((check) => resolveCheck(check, resolve)),
    user: exec.user,
  };
  return isComplete ? canonicalJson(definition) : undefined;
}

function resolveCheck(check: HealthCheck, resolve: (template: Template) => string): Record<string, unknown> {
  switch (check.kind) {
    case 'tcp':
      return { ...check, host: resolve(check.host) };
    case 'http':
      return { ...check, url: resolve(check.url) };
    case 'command':
      return { ...check, command: check.command.map(resolve) };
  }
}

function canonicalJson(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
  return sorted.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
