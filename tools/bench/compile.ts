import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a compiler (or what a build asks for) to its end; returns its output, rejects with what it complains of. */
export async function runBuildTool(tool: string, args: readonly string[]): Promise<string> {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${tool} failed: ${stderr.trim().slice(-1000)}`);
  return stdout;
}
