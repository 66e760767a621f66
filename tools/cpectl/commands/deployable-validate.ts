import type { Command } from 'commander';
import type { Problem } from '../../../coordinator/model/problem.js';
import { type CommandOutcome, done, exitCodes, failure } from '../exit-code.js';
import { printProblems } from '../print-problems.js';
import { type DocumentOutcome, readDocument } from '../read-document.js';
import { printJson, runCommand } from '../run-command.js';
import { unfit } from '../take-document.js';
import type { Terminal } from '../terminal.js';

export function registerValidate(group: Command, terminal: Terminal): void {
  group
    .command('validate')
    .description('check a document and print every problem; needs no running coordinator')
    .argument('[file]', 'the document, XML or YAML (- for standard input)')
    .option('-f, --file <file>', 'the same as the argument')
    .action((argument: string | undefined, given: { readonly file?: string }, command: Command) =>
      runCommand(terminal, command, async ({ json }) => {
        const file = argument ?? given.file;
        if (file === undefined || (argument !== undefined && given.file !== undefined)) {
          return failure(exitCodes.usage, 'give one document', 'as in: cpectl deployable validate FILE');
        }
        const read = await readDocument(file);
        if (json && read.kind !== 'failure') printJson(terminal, validationJson(read));
        return json && read.kind === 'problems'
          ? unfit(read.label, read.problems.length)
          : report(terminal, read, json);
      }),
    );
}

function report(terminal: Terminal, read: DocumentOutcome, json: boolean): CommandOutcome {
  if (read.kind === 'failure') return read;
  const { label } = read;
  if (read.kind === 'problems') {
    printProblems(terminal.err, label, read.problems);
    return unfit(label, read.problems.length);
  }
  if (json) return done;
  const { deployable, warnings } = read;
  printProblems(terminal.err, label, warnings);
  const resources = deployable.assemblies.reduce((count, assembly) => count + assembly.resources.length, 0);
  const parts = [
    count(deployable.assemblies.length, 'assembly', 'assemblies'),
    count(resources, 'resource', 'resources'),
    count(deployable.constraints.length, 'constraint', 'constraints'),
  ].join(', ');
  const risks = warnings.length === 0 ? '' : `; ${count(warnings.length, 'warning', 'warnings')}`;
  terminal.out.write(`${label}: deployable ${deployable.name} is valid (${parts})${risks}\n`);
  return done;
}

function validationJson(read: Exclude<DocumentOutcome, { readonly kind: 'failure' }>): Record<string, unknown> {
  const isValid = read.kind === 'document';
  return {
    file: read.label,
    valid: isValid,
    deployable: isValid ? read.deployable.name : null,
    problems: (isValid ? read.warnings : read.problems).map(problemJson),
  };
}

function problemJson({ allowed, ...problem }: Problem): Record<string, unknown> {
  return { ...problem, allowed: allowed ?? null };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
