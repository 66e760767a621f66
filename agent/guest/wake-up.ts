import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Log } from '../log.js';
import { openKernelHand } from './kernel-hand.js';
import type { GuestConfiguration } from './parse-guest-files.js';
import { runTool } from './run-tool.js';

export interface WakeUpOptions {
  /** Whether the guest may have been saved as a template, with this process in it, and restored many times. */
  readonly mayBeRestored: boolean;
  readonly log: Log;
}

/**
 * Takes the guest out of the time in which it was saved as a template: clock and random numbers are its own from here on.
 * Does nothing where it has just booted and was told neither time nor seed, and in a container, which has neither clock nor
 * random numbers of its own.
 *
 * What holds afterwards: the kernel's generator has the launcher host's seed in it and has made a new key of it, whether
 * or not the machine has a generation id (vmgenid) or virtio-rng; this process' own OpenSSL has taken new seeds from it.
 * What does not: other programs that were there before keep the state of their own generators, and V8's Math.random,
 * which decides on no more than pauses, goes on as it would have in the template.
 */
export async function wakeUp(
  { timeUnixMs, seed }: GuestConfiguration,
  { mayBeRestored, log }: WakeUpOptions,
): Promise<void> {
  if (!mayBeRestored && timeUnixMs === undefined && seed === undefined) return;
  if (existsSync('/run/systemd/container')) return;
  const attempt = async (trouble: string, work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => log('error', trouble, { reason: String(error) }));
  const [nowMs, readAt] = [Date.now(), performance.now()];
  const correct = correctTime({ nowMs, hardwareMs: hardwareClockMs(), toldMs: timeUnixMs });
  const kernel = openKernelHand();
  try {
    if (mayBeRestored || seed !== undefined) {
      await attempt('the random number generator has no new seed', () => kernel.reseed(seed ?? new Uint8Array()));
    }
    if (mayBeRestored) {
      await attempt('OpenSSL has no new seed', async () => {
        await kernel.setClock(nowMs - process.uptime() * 1000 - someTimeMs);
        reseedOpenSsl();
      });
    }
    if (!mayBeRestored && correct === undefined) return;
    const rightMs = (): number => (correct ?? nowMs) + (performance.now() - readAt);
    await attempt('the clock cannot be set', async () => {
      // Whatever has become of that process: a clock that was set back must not stay so.
      await kernel
        .setClock(rightMs())
        .catch(() => runTool('date', ['--utc', `--set=@${(rightMs() / 1000).toFixed(3)}`]));
    });
    if (correct !== undefined) log('info', 'the clock was behind', { byMs: correct - nowMs });
  } finally {
    kernel.close();
  }
}

export interface ClockReadings {
  /** The system's clock. */
  readonly nowMs: number;
  /** The hardware's, in whole seconds. */
  readonly hardwareMs: number | undefined;
  /** The launcher host's, at some moment shortly before. */
  readonly toldMs: number | undefined;
}

/** Nobody needs it better, before something like NTP has it exact. */
const toleranceMs = 1500;
/** From the launcher's word to now. A hardware clock that is further away has another time zone. */
const plausibleMs = 900_000;

/** What the clock should be set to; undefined when it is right as far as anybody can tell. Never back. */
export function correctTime({ nowMs, hardwareMs, toldMs }: ClockReadings): number | undefined {
  const isPlausible =
    hardwareMs !== undefined &&
    (toldMs === undefined || (hardwareMs >= toldMs - toleranceMs && hardwareMs <= toldMs + plausibleMs));
  // Half a second is the mean of what whole seconds leave out.
  const time = Math.max(isPlausible ? hardwareMs + 500 : 0, toldMs ?? 0);
  return time - nowMs > toleranceMs ? time : undefined;
}

function hardwareClockMs(): number | undefined {
  try {
    const seconds = Number(readFileSync('/sys/class/rtc/rtc0/since_epoch', 'latin1'));
    return seconds > 0 ? seconds * 1000 : undefined;
  } catch {
    return undefined;
  }
}

const someTimeMs = 3_600_000;
/** So many are made in advance by randomUUID. */
const cachedUuids = 128;

/**
 * OpenSSL takes a new seed from the kernel when its process was forked, when an hour has passed, or when the clock is
 * before the time of its last seed (ossl_prov_drbg_generate in providers/implementations/rands/drbg.c), and can be told to
 * by no call that Node has. So the clock, which is wrong anyhow, has been set back for this moment: for the generator of
 * what may be seen, for that of keys, and for the one that feeds both.
 */
export function reseedOpenSsl(): void {
  randomBytes(1);
  generateKeyPairSync('x25519');
  for (let count = 0; count < cachedUuids; count += 1) randomUUID();
}
