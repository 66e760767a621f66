/** Where somebody is connected to the bus from, by the bus's own word: for the audit log. */
import { connect, createInbox, type NatsConnection } from 'nats';
import { readBusCredentials } from '../../proto/bus-credentials.js';
import { busTls } from '../../proto/bus-tls.js';
import type { Role } from '../../proto/messages.js';
import { inboxesOf } from '../../proto/subjects.js';
import { type Authority, mintSystemCredentials } from '../identity/authority.js';

export interface AskerAddressOptions {
  readonly authority: () => Authority;
  readonly servers: readonly string[];
}

export interface AskerAddresses {
  /**
   * ADDRESS:PORT of an identity's connection: of the process that it says it is, or of the only one that it has. Empty when
   * no server has said it in time. Never rejects.
   *
   * @param incarnation of the process, by its own word
   */
  find(asker: { readonly role: Role; readonly id: string }, incarnation: string): Promise<string>;
  close(): Promise<void>;
}

const subject = '$SYS.REQ.SERVER.PING.CONNZ';
const waitMs = 1_000;

export function openAskerAddresses({ authority, servers }: AskerAddressOptions): AskerAddresses {
  /** Its credentials are good for a minute: the server ends it, and the next question makes another. */
  let system: Promise<NatsConnection> | undefined;

  async function connection(): Promise<NatsConnection> {
    const open = await system?.catch(() => undefined);
    if (open !== undefined && !open.isClosed()) return open;
    const credentials = readBusCredentials(mintSystemCredentials(authority(), subject, Date.now()));
    const tls = busTls(credentials.authorities);
    system = connect({
      servers: [...servers],
      authenticator: credentials.authenticator,
      ...(tls === undefined ? {} : { tls }),
      name: 'cped audit',
      reconnect: false,
      noAsyncTraces: true,
      timeout: waitMs,
    });
    return system;
  }

  async function ask(inboxes: string, incarnation: string): Promise<string> {
    const open = await connection();
    const reply = createInbox();
    const account = authority().account.publicKey;
    const payload = JSON.stringify({ filter_subject: inboxes, acc: account, subscriptions: true });
    const answers = open.subscribe(reply, { timeout: waitMs });
    try {
      open.publish(subject, payload, { reply });
      // Every server of a cluster answers; one of them has the connection.
      for await (const { data } of answers) {
        const found = addressIn(new TextDecoder().decode(data), incarnation);
        if (found !== undefined) return found;
      }
      return '';
    } finally {
      answers.unsubscribe();
    }
  }

  return {
    find: ({ role, id }, incarnation) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(''), waitMs);
      });
      const asked = ask(inboxesOf(role, id), incarnation).catch(() => '');
      return Promise.race([asked, late]).finally(() => clearTimeout(timer));
    },
    close: async () => {
      const open = await system?.catch(() => undefined);
      await open?.close();
    },
  };
}

interface Connection {
  readonly ip: string;
  readonly port: number;
  readonly subscriptions_list?: readonly string[];
}

/** Of a server's answer; undefined when it has no such connection. */
function addressIn(answer: string, incarnation: string): string | undefined {
  const { data } = JSON.parse(answer) as { readonly data?: { readonly connections?: readonly Connection[] } };
  const all = data?.connections ?? [];
  const own = all.filter(({ subscriptions_list: subjects = [] }) =>
    subjects.some((subject) => subject.split('.')[3] === incarnation),
  );
  const [found, ...others] = own.length > 0 ? own : all;
  if (found === undefined || others.length > 0) return undefined;
  return found.ip.includes(':') ? `[${found.ip}]:${found.port}` : `${found.ip}:${found.port}`;
}
