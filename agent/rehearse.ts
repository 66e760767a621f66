import { generateKeyPairSync, sign } from 'node:crypto';
import { runTool } from './guest/run-tool.js';

/**
 * What the first agent of a boot does first, to no effect: answers a challenge as the bus asks one, and has the programs
 * read from the disk that it is going to call. Of what is not there an agent will say more.
 */
export async function rehearse(): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  sign(null, Buffer.alloc(1), privateKey);
  await Promise.allSettled([runTool('ip', ['-V']), runTool('systemd-notify', ['--version'])]);
}
