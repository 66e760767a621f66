import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';

export interface NextVersion {
  readonly cpectl: string;
  readonly version: string;
  remove(): void;
}

/**
 * What a later minor version of all of this would be to the present one: another minor version of the protocol, a field that
 * nobody knows yet in every message and in everything that is stored, and another version of the package.
 */
export function makeNextVersion(): NextVersion {
  const here = packageRoot();
  const root = mkdtempSync(join(tmpdir(), 'cpe-next-'));
  for (const part of ['dist', '.native']) cpSync(join(here, part), join(root, part), { recursive: true });
  cpSync(join(here, 'coordinator/ecosystem.config.cjs'), join(root, 'coordinator/ecosystem.config.cjs'));
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'));
  const { version: _present, ...described } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as {
    version: string;
  };
  const version = '99.0.0';
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...described, version }));
  for (const file of ['dist/proto/codec.js', 'dist/agent/cpe-agent.body.cjs']) {
    change(join(root, file), /\bPROTOCOL_MINOR\s*=\s*0\b/g, 'PROTOCOL_MINOR=1');
  }
  for (const file of ['dist/proto/generated/cpe.js', 'dist/agent/cpe-agent.body.cjs']) {
    // Field 1999, a text, at the end of every message.
    change(
      join(root, file),
      /\$unknowns\s*\[i\]\);\s*return writer(?=[;}])/g,
      '$unknowns[i]);return writer.uint32(15994).string("later")',
    );
  }
  change(
    join(root, 'dist/coordinator/store/create-store.js'),
    /JSON\.stringify\(value\)/g,
    'JSON.stringify(later(value))',
  );
  change(
    join(root, 'dist/coordinator/store/create-store.js'),
    /$/,
    `
function later(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, addedLater: { by: 'next' } } : value;
}
`,
  );
  return {
    cpectl: join(root, 'dist/tools/cpectl/main.js'),
    version,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function change(file: string, pattern: RegExp, replacement: string): void {
  const before = readFileSync(file, 'latin1');
  const after = before.replace(pattern, () => replacement);
  if (after === before) throw new Error(`nothing to change in ${file}: ${pattern}`);
  writeFileSync(file, after, 'latin1');
}
