import { createHash } from 'node:crypto';

/** Networks of one launcher host: more than one only so that a host with hundreds of instances still has addresses. */
const NETWORKS_PER_LAUNCHER_HOST = 16;

/**
 * The addresses of a launcher host's instances, 127.A.B.1 to 127.A.B.254 of several networks, in order of use. They follow from its home and name, so that launcher
 * hosts of one machine, also of different homes and users, keep apart without knowing of each other: two hosts meet
 * with a probability of 1 in 65,024. A is never 0, where systems keep addresses of their own (127.0.0.1, 127.0.0.53,
 * 127.0.1.1).
 */
export function loopbackAddresses(home: string, launcherHost: string): string[] {
  return Array.from({ length: NETWORKS_PER_LAUNCHER_HOST }, (_, index) => {
    const digest = createHash('sha256').update(`${home}\0${launcherHost}\0${index}`).digest();
    const network = `127.${1 + (digest.readUInt16BE(0) % 254)}.${digest.readUInt8(2)}`;
    return Array.from({ length: 254 }, (_, last) => `${network}.${last + 1}`);
  }).flat();
}
