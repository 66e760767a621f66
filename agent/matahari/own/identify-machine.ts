import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { type Done, done, problem } from '../matahari.js';
import type { Machine } from './machine.js';

const speaker = '/dev/input/by-path/platform-pcspkr-event-spkr';
const consoles = ['/dev/tty0', '/dev/console'] as const;
const toneHz = 440;
const toneMs = 1000;
const deadlineMs = 3000;

/** Kernel interface linux/input-event-codes.h: sound events, and a tone of a frequency (0 ends it). */
const evSnd = 0x12;
const sndTone = 0x02;

/**
 * Makes the machine noticed: a tone of the PC speaker for a second, or where none can be reached the bell of its
 * console. Nothing tells whether anybody could hear it.
 */
export async function identifyMachine(machine: Machine): Promise<Done<void>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Done<never>>((resolve) => {
    timer = setTimeout(() => resolve(problem('timeout', 'the console of this machine takes no output')), deadlineMs);
  });
  try {
    return await Promise.race([makeNoise(machine), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function makeNoise(machine: Machine): Promise<Done<void>> {
  if (await playTone(machine.path(speaker))) return done(undefined);
  for (const path of consoles) {
    if (await writeWithoutWaiting(machine.path(path), [Buffer.from('\x07')])) return done(undefined);
  }
  return problem('unavailable', 'this machine has neither a PC speaker nor a console that the agent could use');
}

function playTone(path: string): Promise<boolean> {
  return writeWithoutWaiting(path, [toneEvent(toneHz), toneEvent(0)], toneMs);
}

/** struct input_event: the time (two longs, which the kernel fills in), type, code and value. */
function toneEvent(hertz: number): Buffer {
  const longs = process.arch.includes('64') || process.arch === 's390x' ? 16 : 8;
  const event = Buffer.alloc(longs + 8);
  const isLittle = endianness() === 'LE';
  const write16 = (value: number, at: number) =>
    isLittle ? event.writeUInt16LE(value, at) : event.writeUInt16BE(value, at);
  write16(evSnd, longs);
  write16(sndTone, longs + 2);
  if (isLittle) event.writeInt32LE(hertz, longs + 4);
  else event.writeInt32BE(hertz, longs + 4);
  return event;
}

/** False when it cannot be opened or written. O_NONBLOCK: a stopped terminal must not hold the agent up. */
async function writeWithoutWaiting(path: string, chunks: readonly Buffer[], betweenMs = 0): Promise<boolean> {
  try {
    const device = await open(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      for (const [index, chunk] of chunks.entries()) {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, betweenMs));
        await device.write(chunk);
      }
      return true;
    } finally {
      await device.close();
    }
  } catch {
    return false;
  }
}
