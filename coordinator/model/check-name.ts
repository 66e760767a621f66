import type { Located } from './document-tree.js';
import { isName, nameForm, reservedReason } from './names.js';
import { quote } from './read-tree.js';
import type { Report } from './report.js';

/** Reports a name that is none, or that a rule keeps for something else. */
export function checkName(
  report: Report,
  at: Located,
  options: { readonly kind: Parameters<typeof reservedReason>[0]; readonly name: string },
): void {
  const { kind, name } = options;
  const reason = reservedReason(kind, name);
  if (!isName(name)) report.error(at, `the ${kind} name ${quote(name)} is not allowed`, nameForm);
  else if (reason !== undefined) report.error(at, `the ${kind} name ${quote(name)} ${reason}`, 'another name');
}
