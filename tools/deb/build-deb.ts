/** make deb: the agent as packages of Debian. `node build-deb.js --help` says what it takes. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agentProgram } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';
import { agentPackage } from './agent-package.js';
import { makeDeb } from './make-deb.js';
import { nodePackage } from './node-package.js';

const usage = `usage: build-deb [--output DIR] [--version VERSION] [--without-node] [--compression xz|gzip|none]

Writes cpe-agent_VERSION_ARCHITECTURE.deb, and cpe-agent-node_..., which has a Node.js for machines whose own is too old.
The same sources make the same bytes: times are SOURCE_DATE_EPOCH, or that of the last commit.

  --output DIR       default: packages
  --version VERSION  of the agent; default: that of package.json
  --without-node     leave out cpe-agent-node
  --compression HOW  default: xz
`;

function main(): void {
  const { values } = parseArgs({
    options: {
      output: { type: 'string', default: join(packageRoot(), 'packages') },
      version: { type: 'string' },
      'without-node': { type: 'boolean', default: false },
      compression: { type: 'string', default: 'xz' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { compression } = values;
  if (compression !== 'xz' && compression !== 'gzip' && compression !== 'none') {
    throw new Error(`--compression: one of xz, gzip and none, not ${compression}`);
  }
  const epoch = sourceDate();
  const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
  const options = { version: values.version ?? packageVersion(), architecture, epoch };
  if (!/^[0-9][0-9A-Za-z.+~-]*$/.test(options.version)) throw new Error(`--version: not one: ${options.version}`);
  const packages = [agentPackage(options), ...(values['without-node'] ? [] : [nodePackage(options)])];
  for (const each of packages) {
    process.stdout.write(`${makeDeb(each, { directory: values.output, epoch, compression })}\n`);
  }
}

/** reproducible-builds.org: seconds since 1970. */
function sourceDate(): number {
  const given = Number(process.env.SOURCE_DATE_EPOCH);
  if (Number.isSafeInteger(given) && given > 0) return given;
  try {
    const options = { cwd: packageRoot(), encoding: 'utf8' } as const;
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], options));
  } catch {
    // Not a checkout.
    return Math.floor(statSync(agentProgram()).mtimeMs / 1000);
  }
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string })
    .version;
}

try {
  main();
} catch (error) {
  process.stderr.write(`build-deb: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
