import { join } from 'node:path';
import { metadataEnvironment } from '../../executors/ocf-environment.js';
import { type Done, done, problem } from '../matahari.js';
import { newToken } from './run-program.js';

const timeoutMs = 20_000;
const limitBytes = 1024 * 1024;

/** The meta-data of an OCF agent that is there, as the agent writes them: one XML document, and a resource agent's. */
export async function readMetaData(ocfRoot: string, provider: string, agent: string): Promise<Done<string>> {
  const path = join(ocfRoot, 'resource.d', provider, agent);
  const environment = metadataEnvironment({ root: ocfRoot, directories: {} }, provider, agent);
  // The parser is loaded when somebody reads meta-data.
  const { runOcfMetadata } = await import('../../executors/run-ocf-metadata.js');
  const run = await runOcfMetadata(path, { environment, token: newToken(), timeoutMs, limitBytes });
  if (run.kind === 'meta-data') return done(cutDocument(run.text));
  return problem(run.isTimeout ? 'timeout' : 'failed', `${path} meta-data: ${run.reason}`);
}

/** The document in what an agent wrote, which may have grumbled before and after it. */
function cutDocument(output: string): string {
  const closing = '</resource-agent>';
  const begin = /<\?xml\s|<!DOCTYPE\s|<resource-agent[\s>]/.exec(output)?.index ?? 0;
  const end = output.lastIndexOf(closing);
  return `${end < begin ? output.slice(begin).trimEnd() : output.slice(begin, end + closing.length)}\n`;
}
