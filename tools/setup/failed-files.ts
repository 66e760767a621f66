/** A reporter of node's test runner: the compiled files in which something failed, one a line. */
import { join, relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

const dist = join(import.meta.dirname, '../..');

export default async function* failedFiles(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const named = new Set<string>();
  for await (const { type, data } of events) {
    const file = type === 'test:fail' && data.file !== undefined ? compiled(data.file) : undefined;
    if (file === undefined || named.has(file)) continue;
    named.add(file);
    yield `${file}\n`;
  }
}

/** With source maps the runner names the source. */
function compiled(file: string): string {
  return file.endsWith('.ts') ? join(dist, relative(join(dist, '..'), file)).replace(/\.ts$/, '.js') : file;
}
