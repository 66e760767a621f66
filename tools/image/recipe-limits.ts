/** Bounds and forms of what a recipe says. */
export const recipeLimits = {
  bytes: 1024 * 1024,
  items: 2000,
  diskMiB: { least: 256, most: 1024 * 1024 },
} as const;

interface Form {
  readonly pattern: RegExp;
  /** What it means, for people. */
  readonly words: string;
}

/** Every text that becomes a path, an argument or a line of a configuration file has a form that it cannot break out of. */
export const forms = {
  suite: { pattern: /^[a-z][a-z0-9./-]{0,62}$/, words: 'a release of Debian: bookworm, trixie, ...' },
  architecture: { pattern: /^[a-z0-9][a-z0-9-]{1,30}$/, words: "Debian's name of it: amd64, arm64, ..." },
  /** Debian Policy, 5.6.1; `=version` and `/suite` as apt-get(8) takes them. */
  package: {
    pattern: /^[a-z0-9][a-z0-9+.-]+(?::[a-z0-9]+)?(?:[=/][A-Za-z0-9.+:~-]+)?$/,
    words: 'a name of a package, also with a version: nginx-light, redis-server=5:7.0.15-1',
  },
  source: {
    pattern: /^(?:deb \S.*|(?:https?|file|copy):\/{1,3}\S+)$/,
    words: 'a line of sources.list(5), or a URI of a mirror',
  },
  path: {
    pattern: /^\/(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!.*\/\/)[^\n\0]{1,1023}(?<!\/)$/,
    words: 'an absolute path without . and .. and no / at its end: /etc/motd',
  },
  mode: { pattern: /^[0-7]{3,4}$/, words: 'octal permissions: 0644, 0755, 4755' },
  owner: { pattern: /^[a-z_][a-z0-9_-]{0,31}(?::[a-z_][a-z0-9_-]{0,31})?$/, words: 'USER or USER:GROUP' },
  /** useradd(8), NAME_REGEX of Debian. */
  user: { pattern: /^[a-z_][a-z0-9_-]{0,31}$/, words: 'a small letter or _, then small letters, digits, _ and -' },
  key: {
    pattern:
      /^(?:[a-z0-9"',=./*@-]+ )?(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]{20,}={0,3}(?: [^\n]*)?$/i,
    words: 'a public key as in an .pub file: ssh-ed25519 AAAA... comment',
  },
  unit: {
    pattern: /^[A-Za-z0-9:_@][A-Za-z0-9:_.@\\-]{0,254}$/,
    words: 'a unit of systemd: nginx.service, nginx, fstrim.timer',
  },
  module: { pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/, words: 'a name of a kernel module: xfs, dm_mod' },
  argument: {
    pattern: /^[^\s"']{1,512}$/,
    words: 'one argument without blanks and quotes: mitigations=off',
  },
  /** RFC 1123, 2.1. */
  hostname: {
    pattern: /^(?=.{1,64}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/,
    words: 'small letters, digits and -, also with dots between: web-1',
  },
  command: { pattern: /^(?!\s*$)[^\0]+$/, words: 'a line for /bin/sh' },
} as const satisfies Record<string, Form>;
