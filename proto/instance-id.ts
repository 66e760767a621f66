/**
 * One incarnation of an assembly, e.g. `shop.web.local.1763807520123-1`: deployable, assembly, launcher host, and an
 * incarnation that no other start of the assembly ever had.
 */
export interface InstanceId {
  readonly deployable: string;
  readonly assembly: string;
  readonly host: string;
  readonly incarnation: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
const INCARNATION = /^[0-9]{1,20}-[0-9]{1,20}$/;

/** A name of a deployable, an assembly or a launcher host: never empty, never a wildcard, no dot. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isIncarnation(text: string): boolean {
  return INCARNATION.test(text);
}

/** The four parts of `<deployable>.<assembly>.<host>.<incarnation>`; undefined when the text is no instance id. */
export function parseInstanceId(text: string): InstanceId | undefined {
  const [deployable, assembly, host, incarnation, ...rest] = text.split('.');
  if (deployable === undefined || assembly === undefined || host === undefined || incarnation === undefined) {
    return undefined;
  }
  if (rest.length > 0 || ![deployable, assembly, host].every(isName) || !isIncarnation(incarnation)) return undefined;
  return { deployable, assembly, host, incarnation };
}

/** @throws RangeError when a part is not what an instance id is made of: a mistake of the caller. */
export function renderInstanceId(id: InstanceId): string {
  const text = `${id.deployable}.${id.assembly}.${id.host}.${id.incarnation}`;
  if (parseInstanceId(text) === undefined) throw new RangeError(`not an instance id: ${JSON.stringify(text)}`);
  return text;
}
