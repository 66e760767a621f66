/** Takes secrets out of text that leaves the site: what looks like one, and what is known to be one. */

const mask = '(redacted)';
const secretWord =
  '[\\w.-]{0,60}(?:passw(?:or)?d|passphrase|passwd|secret|token|api[_-]?key|private[_-]?key)[\\w.-]{0,60}';

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*(?:PRIVATE KEY|SEED|JWT))-----[\s\S]*?(?:-{5,6}END \1-{5,6}|$)/g, mask],
  // nkeys: a seed of an operator, account, user, cluster or server.
  [/\bS[OAUCN][A-Z2-7]{56}\b/g, mask],
  [/\beyJ[\w-]{10,}\.[\w-]{2,}\.[\w-]{10,}/g, mask],
  // Of a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+@/gi, `$1${mask}@`],
  // A parameter in a CIB: name="admin_password" value="...", in either order.
  [new RegExp(`(\\bname="${secretWord}"[^<>]*?\\bvalue=")[^"]*`, 'gi'), `$1${mask}`],
  [new RegExp(`(\\bvalue=")[^"]*("[^<>]*?\\bname="${secretWord}")`, 'gi'), `$1${mask}$2`],
  // key: value, key=value, "key": "value", --key value.
  [new RegExp(`((?<![\\w.-])["']?${secretWord}["']?[ \\t]*[:=][ \\t]*)"(?:[^"\\\\\\n]|\\\\.)*"`, 'gi'), `$1"${mask}"`],
  [new RegExp(`((?<![\\w.-])["']?${secretWord}["']?[ \\t]*[:=][ \\t]*)'[^'\\n]*'`, 'gi'), `$1'${mask}'`],
  [new RegExp(`((?<![\\w.-])${secretWord}[ \\t]*[:=][ \\t]*)(?!["'(]|[{[|>])[^\\s,;&}\\]<>"']+`, 'gi'), `$1${mask}`],
  // JSON inside of XML or of a string.
  [new RegExp(`((?<![\\w.-])${secretWord}(&quot;|\\\\")[ \\t]*:[ \\t]*\\2)(?:(?!\\2)[^\\n<>])*`, 'gi'), `$1${mask}`],
  [new RegExp(`(--${secretWord}[ =])(?!["'(])[^\\s"',\\]]+`, 'gi'), `$1${mask}`],
];

/**
 * @param known secrets that are taken out wherever they stand, whatever stands before them
 */
export function redact(text: string, known: readonly string[] = []): string {
  let result = text;
  for (const secret of known) result = result.replaceAll(secret, mask);
  for (const [pattern, replacement] of rules) result = result.replace(pattern, replacement);
  return result;
}
