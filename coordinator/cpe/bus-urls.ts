import { networkInterfaces } from 'node:os';
import { hostOf, isEveryAddress } from './bus-server.js';
import type { SiteConfig } from './site-config.js';

/**
 * The bus as other machines reach it: the servers that the site runs by itself, otherwise one URL for each address that
 * this machine's listens on; none when that is the loopback alone.
 */
export function urlsFromElsewhere({ listen, busUrl, natsServer }: SiteConfig): readonly string[] {
  if (natsServer === '')
    return busUrl.split(',').filter((url) => URL.canParse(url) && !isLoopback(new URL(url).hostname));
  if (listen === undefined || isLoopback(listen)) return [];
  const addresses = isEveryAddress(listen) ? ownAddresses(listen) : [listen];
  return addresses.map((address) => busUrl.replace(/^(\w+):\/\/.*:(\d+)$/, `$1://${hostOf(address)}:$2`));
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** `::` takes both kinds. Addresses of one link only are of no use in a URL. */
function ownAddresses(listen: string): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && (listen === '::' || family === 'IPv4'))
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:'));
}
