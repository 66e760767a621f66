import type { ExecDefinition, HealthCheck, Template } from '../model/deployable.js';
import { asciiJson } from './parameter-text.js';
import { type KnownAssemblies, resolveTemplate } from './template.js';

/**
 * An exec definition with its references resolved, as JSON: the value of the CIB's instance attribute `definition`, and
 * what the order to start carries. Keys are sorted and absent ones left out, so that equal definitions are equal text
 * (its digest decides on restarts), and in printable ASCII, so that it travels as it is (parameter-text.ts).
 *
 * Shape: `{command: string[], directory?: string, environment: {[name]: string}, health: Check[], limits?: {[name]: number},
 * user?: string}` with Check `{kind: 'process', process} | {kind: 'tcp', host, port} | {kind: 'http', url, status: number[]} |
 * {kind: 'command', command: string[]}` and in each `intervalMs, timeoutMs, failures, successes?, initialDelayMs`.
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
    limits: exec.limits,
    user: exec.user,
  };
  return isComplete ? canonicalJson(definition) : undefined;
}

function resolveCheck(check: HealthCheck, resolve: (template: Template) => string): Record<string, unknown> {
  switch (check.kind) {
    case 'process':
      return { ...check };
    case 'tcp':
      return { ...check, host: resolve(check.host) };
    case 'http':
      return { ...check, url: resolve(check.url) };
    case 'command':
      return { ...check, command: check.command.map(resolve) };
  }
}

function canonicalJson(definition: Record<string, unknown>): string {
  return asciiJson(sortKeys(definition));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => [key, sortKeys(inner)]),
      )
    : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
