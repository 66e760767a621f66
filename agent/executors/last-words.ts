/** The last line of an output, to end a message with; empty when there is none. */
export function lastWords(output: string): string {
  const line = output.trimEnd().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
  return line === '' ? '' : `: ${line}`;
}
