/** A service in words, in the form of a resource agent's meta-data (OCF Resource Agent API 1.1). */
export interface ServiceDescription {
  /** As it is called. */
  readonly name: string;
  readonly short: string;
  readonly long: string;
  readonly actions: readonly string[];
}

/** The XML document of a service that is no OCF agent: it has no parameters. */
export function renderDescription({ name, short, long, actions }: ServiceDescription): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<resource-agent name="${escapeXml(name)}" version="1.0">`,
    '  <version>1.0</version>',
    `  <longdesc lang="en">${escapeXml(long)}</longdesc>`,
    `  <shortdesc lang="en">${escapeXml(short)}</shortdesc>`,
    '  <parameters/>',
    '  <actions>',
    ...actions.map((action) => `    <action name="${escapeXml(action)}"/>`),
    '  </actions>',
    '</resource-agent>',
    '',
  ].join('\n');
}

/**
 * What an init script says of itself between BEGIN INIT INFO and END INIT INFO (LSB Core 5.0, "Comment Conventions for
 * Init Scripts"); empty where it says nothing. A description goes on in the lines after it that are indented.
 */
export function parseInitInfo(script: string): Pick<ServiceDescription, 'short' | 'long'> {
  const info = /^### BEGIN INIT INFO\s*$([\s\S]*?)^### END INIT INFO/m.exec(script)?.[1] ?? '';
  const short = /^#\s*Short-Description:[ \t]*(.*)$/im.exec(info)?.[1]?.trim() ?? '';
  const long = /^#\s*Description:[ \t]*(.*(?:\n#(?:\t| {2,}).*)*)/im.exec(info)?.[1] ?? '';
  return { short, long: long.replaceAll(/\n#\s*/g, '\n').trim() };
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // XML 1.0 has no way to write these.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '')
  );
}
