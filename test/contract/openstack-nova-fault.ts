import type { CloudAnswer } from './openstack-cloud.js';

const NAMES: Readonly<Record<number, string>> = {
  400: 'badRequest',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
};

/** nova/api/openstack/wsgi.py, Fault. */
export function fault(code: number, message: string): CloudAnswer {
  return { status: code, body: { [NAMES[code] ?? 'computeFault']: { code, message } } };
}
