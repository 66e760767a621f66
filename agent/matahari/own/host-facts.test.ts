import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countProcesses, parseCpus, parseLoad, parseMemory, parseProcessState, wordsizeOf } from './host-facts.js';

test('memory is kB as /proc/meminfo has it, and what is not there is 0', () => {
  const text =
    'MemTotal:       24684084 kB\nMemFree:        22914440 kB\nMemAvailable:   24048752 kB\nSwapTotal: 0 kB\n';
  assert.deepEqual(parseMemory(text), { memory: 24684084, swap: 0, freeMem: 22914440, freeSwap: 0 });
  assert.deepEqual(parseMemory(''), { memory: 0, swap: 0, freeMem: 0, freeSwap: 0 });
});

const x86 = (processor: number, socket: number, core: number) =>
  `processor\t: ${processor}\nmodel name\t: Some CPU @ 2.00GHz\nphysical id\t: ${socket}\ncore id\t\t: ${core}\nflags\t\t: fpu vme\n`;

const cpus = [
  {
    name: 'x86: threads share cores, and sockets number theirs alike',
    text: [x86(0, 0, 0), x86(1, 0, 0), x86(2, 1, 0), x86(3, 1, 0)].join('\n'),
    facts: { cpuCount: 4, cpuCores: 2, cpuModel: 'Some CPU @ 2.00GHz', cpuFlags: 'fpu vme' },
  },
  {
    name: 'arm64 has no cores and no model',
    text: 'processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n\nprocessor\t: 1\nFeatures\t: fp asimd\n',
    facts: { cpuCount: 2, cpuCores: 2, cpuModel: '', cpuFlags: 'fp asimd' },
  },
  {
    name: 's390x has one section for all CPUs',
    text: 'vendor_id       : IBM/S390\n# processors    : 2\nfeatures\t: esan3 zarch\nprocessor 0: version = FF,  identification = 0133E8,  machine = 2964\nprocessor 1: version = FF,  identification = 0133E8,  machine = 2964\n',
    facts: { cpuCount: 2, cpuCores: 2, cpuModel: '2964', cpuFlags: 'esan3 zarch' },
  },
  {
    name: 'ppc64 says altivec with its model',
    text: 'processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\n\nprocessor\t: 1\ncpu\t\t: POWER9 (architected), altivec supported\n\ntimebase\t: 512000000\n',
    facts: { cpuCount: 2, cpuCores: 2, cpuModel: 'POWER9 (architected), altivec supported', cpuFlags: 'altivec' },
  },
  { name: 'nothing at all', text: '', facts: { cpuCount: 0, cpuCores: 0, cpuModel: '', cpuFlags: '' } },
];
for (const { name, text, facts } of cpus) {
  test(`CPUs: ${name}`, () => assert.deepEqual(parseCpus(text), facts));
}

test('load has the keys 1, 5 and 15', () => {
  assert.deepEqual(parseLoad('0.52 0.58 0.59 3/602 29482\n'), { '1': 0.52, '5': 0.58, '15': 0.59 });
});

test('a process may have a name that looks like the rest of its line', () => {
  assert.equal(parseProcessState('42 (a) R) S 1 42 42 0'), 'S');
  assert.equal(parseProcessState(''), undefined);
});

test('every process is counted in total and in one other key', () => {
  assert.deepEqual(countProcesses(['R', 'S', 'D', 'I', 'T', 't', 'Z', 'S']), {
    total: 8,
    idle: 1,
    running: 1,
    sleeping: 3,
    stopped: 2,
    zombie: 1,
  });
});

test('the word size is that of the hardware', () => {
  for (const arch of ['x86_64', 'aarch64', 's390x', 'ppc64le', 'riscv64']) assert.equal(wordsizeOf(arch), 64, arch);
  for (const arch of ['i686', 'armv7l', 's390']) assert.equal(wordsizeOf(arch), 32, arch);
});
