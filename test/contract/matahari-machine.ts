import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { processesOf } from './matahari-under-test.js';

/** Services and a resource agent in directories of their own, for a contract test of Matahari's objects. */
export interface ContractMachine {
  readonly root: string;
  /** For the tests' own files. */
  readonly directory: string;
  readonly initDirectory: string;
  readonly ocfRoot: string;
  readonly quick: { readonly name: string; readonly script: string };
  readonly hanging: { readonly name: string; readonly script: string };
  readonly ocf: { readonly provider: string; readonly agent: string; readonly script: string };
  /** Ends what is left of its scripts, and removes its files. */
  dispose(): void;
}

export function contractMachine(): ContractMachine {
  const machine = machineBelow(mkdtempSync(join(tmpdir(), 'cpe-matahari-')));
  const { root, directory, initDirectory, quick, hanging, ocf } = machine;
  for (const path of [directory, initDirectory, dirname(ocf.script)]) mkdirSync(path, { recursive: true });
  for (const [path, text] of [
    [quick.script, quickService(quick.name, join(root, 'quick-runs'))],
    [hanging.script, hangingService(hanging.name)],
    [ocf.script, contractAgent],
  ] as const) {
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }
  return machine;
}

/** The one whose files are below a directory already. */
export function machineBelow(root: string): ContractMachine {
  const initDirectory = join(root, 'init.d');
  const ocfRoot = join(root, 'ocf');
  return {
    root,
    directory: join(root, 'files'),
    initDirectory,
    ocfRoot,
    quick: { name: 'contract-quick', script: join(initDirectory, 'contract-quick') },
    hanging: { name: 'contract-hanging', script: join(initDirectory, 'contract-hanging') },
    ocf: { provider: 'contract', agent: 'Probe', script: join(ocfRoot, 'resource.d', 'contract', 'Probe') },
    dispose: () => {
      for (const pid of processesOf(root)) {
        if (Number(pid) !== process.pid) tryKill(Number(pid));
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A pair of links that exists for as long as the test; undefined where none may be made. */
export function contractLink() {
  const name = `mh${process.pid % 100_000}a`;
  const peer = `mh${process.pid % 100_000}b`;
  const address = '192.0.2.77';
  const mac = '02:00:5e:00:53:af';
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'ignore' });
  try {
    ip('link', 'add', name, 'address', mac, 'type', 'veth', 'peer', 'name', peer);
  } catch {
    return undefined;
  }
  ip('address', 'add', `${address}/24`, 'dev', name);
  ip('link', 'set', peer, 'up');
  ip('link', 'set', name, 'up');
  return { name, address, mac, dispose: () => ip('link', 'del', name) };
}

/** An init script (LSB core, "Init Script Actions") whose service is a file. */
function quickService(name: string, runs: string): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:    $remote_fs
# Required-Stop:     $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Service of a contract test
### END INIT INFO
case "$1" in
  start) : > '${runs}' ;;
  stop) rm -f '${runs}' ;;
  status) [ -e '${runs}' ] || exit 3 ;;
  restart|force-reload) : > '${runs}' ;;
  *) exit 2 ;;
esac
`;
}

/** Whatever it is told, it takes a minute, and it does not end when it is asked to. */
function hangingService(name: string): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ${name}
# Required-Start:
# Required-Stop:
# Default-Start:
# Default-Stop:
# Short-Description: Service of a contract test that never answers
### END INIT INFO
trap '' TERM
i=0
while [ $i -lt 600 ]; do i=$((i + 1)); sleep 0.1; done
`;
}

/**
 * A resource agent. \`state\`: a file that is there while it runs. \`result\`: a file with what monitor exits with, when it is
 * there. \`runs\`: a file that gets a line for every monitor. \`text\` and \`expected\`: validate-all tells whether the first is
 * what is in the file of the second. Its action \`hang\` takes a minute.
 */
export const contractAgent = `#!/bin/sh
metadata() {
  cat <<'END'
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="Probe" version="1.0">
<version>1.0</version>
<longdesc lang="en">A resource that is a file.</longdesc>
<shortdesc lang="en">A resource of a contract test</shortdesc>
<parameters>
<parameter name="state"><longdesc lang="en">There while it runs</longdesc><shortdesc lang="en">State</shortdesc><content type="string" default=""/></parameter>
<parameter name="result"><longdesc lang="en">Exit code of monitor</longdesc><shortdesc lang="en">Result</shortdesc><content type="string" default=""/></parameter>
<parameter name="runs"><longdesc lang="en">A line for every monitor</longdesc><shortdesc lang="en">Runs</shortdesc><content type="string" default=""/></parameter>
<parameter name="text"><longdesc lang="en">Any text</longdesc><shortdesc lang="en">Text</shortdesc><content type="string" default=""/></parameter>
<parameter name="expected"><longdesc lang="en">File with the text</longdesc><shortdesc lang="en">Expected</shortdesc><content type="string" default=""/></parameter>
</parameters>
<actions>
<action name="start" timeout="20s"/>
<action name="stop" timeout="20s"/>
<action name="monitor" timeout="20s" interval="10s"/>
<action name="hang" timeout="20s"/>
<action name="validate-all" timeout="20s"/>
<action name="meta-data" timeout="5s"/>
</actions>
</resource-agent>
END
}
case "$1" in
  meta-data) metadata ;;
  start) : > "$OCF_RESKEY_state" ;;
  stop) rm -f "$OCF_RESKEY_state" ;;
  monitor)
    [ -z "$OCF_RESKEY_runs" ] || echo run >> "$OCF_RESKEY_runs"
    [ -n "$OCF_RESKEY_result" ] && [ -e "$OCF_RESKEY_result" ] && exit "$(cat "$OCF_RESKEY_result")"
    [ -e "$OCF_RESKEY_state" ] || exit 7 ;;
  hang)
    trap '' TERM
    i=0
    while [ $i -lt 600 ]; do i=$((i + 1)); sleep 0.1; done ;;
  validate-all) printf %s "$OCF_RESKEY_text" | cmp -s - "$OCF_RESKEY_expected" || exit 2 ;;
  *) exit 3 ;;
esac
`;

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
