import { type Done, problem } from './matahari.js';
import { type Objection, quoted } from './own/check-argument.js';

const lifetimes = ['Filesystem', 'Hardware', 'Reboot', 'Agent', 'Custom'] as const;
export type Lifetime = (typeof lifetimes)[number];

/** Also what is no UUID by its form: asset numbers, names of cloud instances. */
const customForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Of what someone wrote; undefined when it is no lifetime. Matahari compares without case, empty is Filesystem. */
export function parseLifetime(text: string): Lifetime | undefined {
  if (text === '') return 'Filesystem';
  return lifetimes.find((lifetime) => lifetime.toLowerCase() === text.toLowerCase());
}

export function unknownLifetime(text: string): Done<never> {
  return problem('invalid-argument', `lifetime ${quoted(text)} is none of ${lifetimes.join(', ')}`, 'lifetime');
}

export function unsettableLifetime(lifetime: Lifetime): Done<never> {
  return problem('invalid-argument', `the ${lifetime} uuid cannot be set, only the Custom one`, 'lifetime');
}

/** Matahari takes any text for a Custom uuid; here it is an identifier, or empty for none. */
export function checkCustomUuid(uuid: string): Objection {
  if (uuid === '' || customForm.test(uuid)) return undefined;
  const allowed = 'letters, digits and . _ : - (at most 128, a letter or a digit first)';
  return problem('invalid-argument', `uuid ${quoted(uuid)} is not made of ${allowed}`, 'uuid');
}
