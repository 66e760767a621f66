import { join } from 'node:path';
import { metadataEnvironment } from '../../executors/ocf-environment.js';
import { runScript } from '../../executors/run-script.js';
import { type Done, done, problem } from '../matahari.js';
import { lastWords, newToken } from './run-program.js';

const timeoutMs = 20_000;
const maxBytes = 1024 * 1024;

/** The meta-data of an OCF agent that is there, as the agent writes them: one XML document, and a resource agent's. */
export async function readMetaData(ocfRoot: string, provider: string, agent: string): Promise<Done<string>> {
  const path = join(ocfRoot, 'resource.d', provider, agent);
  const end = await runScript({
    path,
    arguments: ['meta-data'],
    environment: metadataEnvironment({ root: ocfRoot, directories: {} }, provider, agent),
    timeoutMs,
    token: newToken(),
    // One more than the limit: what is longer has lost its beginning.
    outputLimitBytes: maxBytes + 1,
  });
  const failed = (what: string): Done<never> => problem('failed', `${path} meta-data: ${what}`);
  switch (end.kind) {
    case 'exited': {
      if (end.code !== 0) return failed(`exit code ${end.code}${lastWords(end.errors)}`);
      if (end.output.length > maxBytes) return failed(`it wrote more than ${maxBytes} bytes`);
      // The parser is loaded when somebody reads meta-data.
      const { parseOcfMetadata } = await import('../../executors/parse-ocf-metadata.js');
      const reading = parseOcfMetadata(end.output);
      return reading.kind === 'problem' ? failed(reading.reason) : done(cutDocument(end.output));
    }
    case 'timeout':
    case 'cancelled':
      return problem('timeout', `${path} meta-data did not end within ${timeoutMs / 1000} s`);
    case 'signalled':
      return failed(`it was ended by ${end.signal}`);
    case 'not-started':
      return failed(end.message);
  }
}

/** The document in what an agent wrote, which may have grumbled before and after it. */
function cutDocument(output: string): string {
  const closing = '</resource-agent>';
  const begin = /<\?xml\s|<!DOCTYPE\s|<resource-agent[\s>]/.exec(output)?.index ?? 0;
  const end = output.lastIndexOf(closing);
  return `${end < begin ? output.slice(begin).trimEnd() : output.slice(begin, end + closing.length)}\n`;
}
