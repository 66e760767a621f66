const inherited = ['LANG', 'LC_ALL', 'TZ'] as const;
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What every process that the agent starts finds in its environment; nothing of the agent's own affairs. */
export function baseEnvironment(): Record<string, string> {
  const environment: Record<string, string> = { PATH: path };
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  if (process.env.HOME !== undefined) environment.HOME = process.env.HOME;
  return environment;
}

/** MAX_ARG_STRLEN (execve(2)), less a prefix, the equals sign and the end of the string. */
const maxStringBytes = 128 * 1024 - 64;

/** Why values cannot be put into an environment; undefined when they can. */
export function findUnsafe(values: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    if (name === '' || /[=\0]/.test(name)) return `${JSON.stringify(name)} is no name of a parameter`;
    if (value.includes('\0')) return `the value of ${name} contains a NUL character`;
    if (value.length + name.length > maxStringBytes / 4 && Buffer.byteLength(name + value) > maxStringBytes) {
      return `the value of ${name} is longer than the kernel lets any program have it`;
    }
  }
  return undefined;
}
