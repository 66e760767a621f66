/**
 * How values of parameters travel through the CIB, the scheduler and its graph. Pacemaker's own XML writer
 * (lib/common/xml.c crm_xml_escape) turns line feeds into a backslash and an n and tabs into blanks, and stops escaping
 * at the first character beyond ASCII, after which a quote or an ampersand makes its output unreadable. So a value with
 * anything but printable ASCII travels as a JSON string behind a marker; all others travel as they are.
 */
const marker = 'cpe-json:';

/** What a value is in the CIB. Printable ASCII only. */
export function encodeParameter(value: string): string {
  return /^[ -~]*$/.test(value) && !value.startsWith(marker) ? value : `${marker}${asciiJson(value)}`;
}

/** The value that a parameter of a graph's action stands for: to be done before it is handed to an agent. */
export function decodeParameter(text: string): string {
  return text.startsWith(marker) ? String(JSON.parse(text.slice(marker.length))) : text;
}

/** Parameters of an action, decoded. Digests are made of the encoded ones. */
export function decodeParameters(parameters: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries(Array.from(parameters, ([name, text]) => [name, decodeParameter(text)]));
}

/** JSON without any character that is not printable ASCII. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
