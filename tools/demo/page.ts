import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export type Fetched =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'failure'; readonly reason: string };

const fetchTimeoutMs = 2_000;
const pauseMs = 10;

/** A page on a connection of its own; anything but status 200 is a failure. Never rejects. */
export function fetchPage(url: string): Promise<Fetched> {
  return new Promise((settle) => {
    const fail = (reason: string) => settle({ kind: 'failure', reason });
    const request = get(url, { agent: false, timeout: fetchTimeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', ({ message }) => fail(message));
      response.once('end', () => {
        if (response.statusCode === 200) settle({ kind: 'answer', text: text.trim() });
        else fail(`status ${response.statusCode}`);
      });
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}

/** The page begins to fail or to answer. `atMs` is in Unix ms. */
export interface PageChange {
  readonly atMs: number;
  readonly page: Fetched;
}

export interface PageWatch {
  /** The first change is a failure: the watch begins with a page that answers. */
  readonly changes: readonly PageChange[];
  /** Resolves when the page answers to a request that was sent after this moment (Unix ms). */
  answersAfter(atMs: number): Promise<void>;
  end(): void;
}

/** Fetches a page over and over, as fast as it answers. */
export function watchPage(url: string): PageWatch {
  const changes: PageChange[] = [];
  const waiting = new Set<(sentMs: number) => void>();
  let isUp = true;
  let isWatching = true;
  const watch = async () => {
    while (isWatching) {
      const sentMs = Date.now();
      const page = await fetchPage(url);
      if ((page.kind === 'answer') !== isUp) changes.push({ atMs: Date.now(), page });
      isUp = page.kind === 'answer';
      if (isUp) for (const tell of waiting) tell(sentMs);
      await delay(pauseMs);
    }
  };
  void watch();
  return {
    changes,
    answersAfter: (atMs) =>
      new Promise((resolve) => {
        const tell = (sentMs: number) => {
          if (sentMs <= atMs) return;
          waiting.delete(tell);
          resolve();
        };
        waiting.add(tell);
      }),
    end: () => {
      isWatching = false;
    },
  };
}
