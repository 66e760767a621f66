import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What Node has no call for: ioctl(2) on the random number generator, and setting the clock. */
export interface KernelHand {
  /** Puts the seed into the kernel's generator as good randomness, and has it make a new key of all that it has. */
  reseed(seed: Uint8Array): Promise<void>;
  setClock(unixMs: number): Promise<void>;
  close(): void;
}

/**
 * A line for each thing to do, and one for its outcome: `ok`, or what is wrong. RNDADDENTROPY of <linux/random.h> takes
 * bits, bytes and the bytes; RNDRESEEDCRNG makes the new key (random(4)).
 */
const program = `
$| = 1;
while (my $line = <STDIN>) {
  my ($what, $value) = split ' ', $line;
  print eval { $what eq 'seed' ? seed(pack 'H*', $value // '') : clock($value); 1 } ? "ok\\n" : $@;
}
sub seed {
  my ($seed) = @_;
  open(my $random, '+<', '/dev/urandom') or die "/dev/urandom: $!\\n";
  if (length $seed) {
    ioctl($random, 0x40085203, pack('ll a*', 8 * length $seed, length $seed, $seed)) or die "RNDADDENTROPY: $!\\n";
  }
  ioctl($random, 0x5207, 0) or die "RNDRESEEDCRNG: $!\\n";
}
sub clock {
  qx(date --utc --set=\\@$_[0]);
  die "date: exit $?\\n" if $?;
}
`;
const limitMs = 15_000;

/**
 * By one process of perl, which is essential to Debian, for all of it: where processors are emulated, copying an agent for
 * each call would take longer than the calls. Without perl everything is refused.
 */
export function openKernelHand(): KernelHand {
  const child = spawn('perl', ['-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let end: Error | undefined;
  const fail = (reason: string): void => {
    end ??= new Error(reason);
    for (const { reject } of waiting.splice(0)) reject(end);
  };
  child.once('error', (error) => fail(`perl: ${error.message}`));
  child.once('exit', () => fail('perl has ended'));
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const next = waiting.shift();
    if (line === 'ok') next?.resolve();
    else next?.reject(new Error(line));
  });
  const ask = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (end !== undefined) {
        reject(end);
        return;
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        then();
      };
      waiting.push({ resolve: () => settle(resolve), reject: (error) => settle(() => reject(error)) });
      child.stdin.write(`${line}\n`);
    });
  return {
    reseed: (seed) => ask(`seed ${Buffer.from(seed).toString('hex')}`),
    setClock: (unixMs) => ask(`clock ${(unixMs / 1000).toFixed(3)}`),
    close: () => child.stdin.end(),
  };
}
