import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fwCfgDirectory } from '../../proto/guest-credentials.js';
import { directorySource, type IdentitySource, type Look } from './identity-source.js';
import { runTool } from './run-tool.js';

export interface FwCfgSettings {
  /** The driver's directory in sysfs. */
  readonly directory?: string;
  /** The clock of the hardware, seconds since 1970. */
  readonly clock?: string;
  /** Has the driver read anew which files there are, and how long they are. */
  readonly refresh?: () => Promise<void>;
}

/** Of every .creds file, though what follows is no more than a word of warning. */
const credentialsEnd = '------END USER NKEY SEED------';
const refreshEveryMs = 60_000;
/** The hardware's clock tells whole seconds. */
const jumpMs = 2500;

/**
 * Files that QEMU gives by fw_cfg. The driver (drivers/firmware/qemu_fw_cfg.c) reads their list, with their lengths, when
 * it is loaded, and only then; what a file has in it is asked for at every read. So where a guest was saved as a template
 * and restored by another QEMU, with other files, the list is that of the template, and the driver has to be loaded again.
 * (Unbinding it from its device and binding it again will not do: it takes itself for bound.) That the guest was restored
 * is seen by content that does not fit the list, by the hardware's clock, which goes on while the guest's does not; where
 * neither tells, the list is renewed once a minute.
 */
export function fwCfgSource(settings: FwCfgSettings = {}): IdentitySource {
  const {
    directory = '/sys/firmware/qemu_fw_cfg',
    clock = '/sys/class/rtc/rtc0/since_epoch',
    refresh = reload,
  } = settings;
  const files = directorySource("QEMU's fw_cfg", join(directory, 'by_name', fwCfgDirectory), 'raw');
  // What the two differ by now counts as well: this agent may be the second since the guest was restored.
  let aheadMs = 0;
  let refreshedAt = performance.now();

  const mayBeOutdated = (look: Look): boolean => {
    if (look.kind !== 'nothing') return !isWhole(look);
    const before = aheadMs;
    aheadMs = clockAheadMs(clock);
    return Math.abs(aheadMs - before) > jumpMs || performance.now() - refreshedAt > refreshEveryMs;
  };
  return {
    name: files.name,
    async look() {
      if (!existsSync(directory)) return { kind: 'nothing' };
      const look = await files.look();
      if (!mayBeOutdated(look)) return look;
      refreshedAt = performance.now();
      try {
        await refresh();
      } catch (error) {
        if (look.kind === 'nothing') return look;
        return {
          kind: 'unusable',
          problem: `QEMU's fw_cfg: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
      return files.look();
    },
  };
}

/** What ends where a template's blank file did, or is another file, is no JSON, and no credentials. */
function isWhole(look: Look): boolean {
  if (look.kind !== 'found') return false;
  const { identity, bus = credentialsEnd, network = '{}' } = look.files;
  return isJson(identity) && isJson(network) && bus.includes(credentialsEnd);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** By how much the hardware's clock is ahead of the system's; 0 where there is none. */
function clockAheadMs(clock: string): number {
  try {
    return Number(readFileSync(clock, 'latin1')) * 1000 - Date.now();
  } catch {
    return 0;
  }
}

async function reload(): Promise<void> {
  await runTool('modprobe', ['-r', 'qemu_fw_cfg']);
  await runTool('modprobe', ['qemu_fw_cfg']);
}
