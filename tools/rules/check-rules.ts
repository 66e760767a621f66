/**
 * The rules of the house that a compiler does not check: who may import whom, and that the pure folders stay pure.
 * Exit 0 when all hold, 1 with one line per violation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** Rooms, most specific path first, and what each may import of ours besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  agent: ['proto', 'agent/core', 'agent/dbus', 'agent/executors', 'agent/matahari', 'agent/systemd'],
  'agent/dbus': [],
  'agent/systemd': ['agent/dbus'],
  'agent/executors': ['agent/core', 'agent/systemd'],
  'agent/matahari': ['agent/core', 'agent/dbus', 'agent/executors', 'agent/systemd'],
  'agent/core': [],
  launcher: ['proto'],
  'coordinator/model': [],
  'coordinator/graph': [],
  'coordinator/state': ['coordinator/model'],
  'coordinator/policy': ['coordinator/model', 'coordinator/state'],
  'coordinator/store': ['coordinator/state', 'proto'],
  'coordinator/scheduler': [],
  'coordinator/dpe/core': ['coordinator/model', 'coordinator/state', 'coordinator/policy', 'coordinator/graph'],
  'coordinator/effects': [
    'proto',
    'coordinator/model',
    'coordinator/dpe/core',
    'coordinator/graph',
    'coordinator/scheduler',
    'coordinator/store',
  ],
  'coordinator/identity': ['proto', 'coordinator/store'],
  'coordinator/dpe': [
    'proto',
    'coordinator/identity',
    'coordinator/dpe/core',
    'coordinator/effects',
    'coordinator/graph',
    'coordinator/model',
    'coordinator/policy',
    'coordinator/scheduler',
    'coordinator/state',
    'coordinator/store',
  ],
  'coordinator/cpe': [
    'proto',
    'coordinator/identity',
    'coordinator/model',
    'coordinator/state',
    'coordinator/scheduler',
    'coordinator/store',
    'coordinator/dpe',
  ],
  tools: ['proto', 'coordinator', 'launcher', 'agent'],
  test: ['proto', 'coordinator', 'launcher', 'agent', 'tools'],
};

/** Rooms without I/O, clock, chance or output: everything in them is a function of its arguments. */
const pureRooms = [
  'coordinator/model',
  'coordinator/state',
  'coordinator/policy',
  'coordinator/graph',
  'coordinator/dpe/core',
  'agent/core',
];
const pureBuiltins = ['node:crypto'];
const impure: readonly [RegExp, string][] = [
  [/\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, 'reads the clock; take `now` as an argument'],
  [/\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, 'draws by chance; take it as an argument'],
  [/\bprocess\.(?!exitCode\b)/, 'touches the process'],
  [/\bconsole\./, 'prints; return a value with its reason'],
  [/\bset(?:Timeout|Interval|Immediate)\(/, 'starts a timer; return an effect'],
  [/\bawait\b|\basync\b/, 'is asynchronous; return an effect'],
];
const maxFileLines = 420;
const bannedNames = /(^|\/)(utils?|common|helpers?|misc)(\/|\.ts$)|(^|\/)index\.ts$/;

const root = resolve(import.meta.dirname, '../../..');
const violations = sourceFiles(root).flatMap((file) => checkFile(file));
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? 'rules: all hold' : `rules: ${violations.length} broken`);
process.exitCode = violations.length === 0 ? 0 : 1;

function checkFile(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n');
  const isTest = file.endsWith('.test.ts') || file.startsWith('test/');
  const found: string[] = [];
  if (bannedNames.test(file)) found.push(`${file}: a room or file without a purpose of its own`);
  if (!isTest && lines.length > maxFileLines) found.push(`${file}: ${lines.length} lines; split it by decision`);
  const room = roomOf(file);
  if (room === undefined) return [...found, `${file}: belongs to no room`];
  if (isTest) return found;
  lines.forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    const imported = /(?:^|\s)(?:import|export)\b.*?from '([^']+)'|\bimport\('([^']+)'\)|^} from '([^']+)'/.exec(line);
    const specifier = imported?.[1] ?? imported?.[2] ?? imported?.[3];
    if (specifier !== undefined) found.push(...checkImport(at, file, room, specifier));
    if (pureRooms.includes(room) && !/^\s*(\*|\/\*|\/\/)/.test(line)) {
      const code = line.replace(/\/\/.*$/, '').replace(/'(?:[^'\\]|\\.)*'|`[^`]*`/g, "''");
      for (const [pattern, why] of impure)
        if (pattern.test(code)) found.push(`${at}: ${room} is pure, but this ${why}`);
    }
  });
  return found;
}

function checkImport(at: string, file: string, room: string, specifier: string): string[] {
  if (!specifier.startsWith('.')) {
    const isBuiltin = specifier.startsWith('node:') || builtinModules.includes(specifier);
    return isBuiltin && pureRooms.includes(room) && !pureBuiltins.includes(specifier)
      ? [`${at}: ${room} is pure and may not import ${specifier}`]
      : [];
  }
  const target = roomOf(relative(root, resolve(root, dirname(file), specifier)));
  if (target === undefined || target === room) return [];
  const allowed = mayImport[room] ?? [];
  return allowed.some((entry) => target === entry || target.startsWith(`${entry}/`))
    ? []
    : [`${at}: ${room} may not import ${target} (allowed: ${allowed.join(', ') || 'nothing of ours'})`];
}

function roomOf(file: string): string | undefined {
  return Object.keys(mayImport)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function sourceFiles(directory: string): string[] {
  return ['proto', 'agent', 'launcher', 'coordinator', 'tools', 'test'].flatMap((top) =>
    readdirSync(join(directory, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('/generated'))
      .map((entry) => relative(directory, join(entry.parentPath, entry.name))),
  );
}
