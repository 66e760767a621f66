import { Command, CommanderError } from 'commander';
import { registerAgent } from './commands/agent.js';
import { registerAssembly } from './commands/assembly.js';
import { registerAudit } from './commands/audit.js';
import { registerAuth } from './commands/auth.js';
import { registerBackup } from './commands/backup.js';
import { registerCib } from './commands/cib.js';
import { registerDeployable } from './commands/deployable.js';
import { registerEvents } from './commands/events.js';
import { registerExplain } from './commands/explain.js';
import { registerFailures } from './commands/failures.js';
import { registerHost } from './commands/host.js';
import { registerImage } from './commands/image.js';
import { registerInfo } from './commands/info.js';
import { registerReport } from './commands/report.js';
import { registerResource } from './commands/resource.js';
import { registerRestore } from './commands/restore.js';
import { registerSimulate } from './commands/simulate.js';
import { registerTransitions } from './commands/transitions.js';
import { exitCodes } from './exit-code.js';
import { addGlobalOptions } from './global-options.js';
import type { Terminal } from './terminal.js';

export interface ProgramOptions {
  readonly terminal: Terminal;
  readonly version: string;
  /** What cpectl was called with. */
  readonly args: readonly string[];
}

/**
 * Runs cpectl with these arguments. Failures that are foreseen are printed and end in the terminal's exit code; only
 * what nobody foresaw rejects.
 */
export async function runProgram(options: ProgramOptions): Promise<void> {
  const program = await buildProgram(options);
  try {
    await program.parseAsync(options.args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Printed already. Help and version that were asked for end with 0, everything else is a wrong call.
    options.terminal.setExitCode(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
  }
}

async function buildProgram({ terminal, version, args }: ProgramOptions): Promise<Command> {
  const program = addGlobalOptions(new Command('cpectl'))
    .description('Pacemaker Cloud: high availability for applications in virtual machines')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, subcommandTerm })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      getOutHelpWidth: () => terminal.out.columns(),
      getErrHelpWidth: () => terminal.err.columns(),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/^error: /, 'cpectl: ')),
    })
    .showHelpAfterError('see: cpectl help')
    .addHelpText('after', helpEnd);
  if (!isForOthers(args)) {
    const [{ registerUp }, { registerDown }, { registerLauncher }] = await Promise.all([
      import('./commands/up.js'),
      import('./commands/down.js'),
      import('./commands/launcher.js'),
    ]);
    registerUp(program);
    registerDown(program);
    registerLauncher(program, terminal);
  }
  registerDeployable(program, terminal);
  registerResource(program, terminal);
  registerAssembly(program, terminal);
  registerHost(program, terminal);
  registerAgent(program, terminal);
  registerImage(program, terminal);
  registerEvents(program, terminal);
  registerFailures(program, terminal);
  registerAudit(program, terminal);
  registerAuth(program, terminal);
  registerExplain(program, terminal);
  registerSimulate(program, terminal);
  registerCib(program, terminal);
  registerTransitions(program, terminal);
  registerInfo(program, terminal);
  registerBackup(program, terminal);
  registerRestore(program, terminal);
  registerReport(program, terminal);
  registerHelp(program);
  return program;
}

const lightCommands = [
  'deployable',
  'resource',
  'assembly',
  'host',
  'agent',
  'image',
  'events',
  'failures',
  'audit',
  'auth',
  'explain',
  'simulate',
  'cib',
  'transitions',
  'info',
  'backup',
  'restore',
  '--version',
  '-V',
];

/** `up`, `down` and `launcher` bring half of the coordinator along: a call that is surely for another need not load it. */
function isForOthers(args: readonly string[]): boolean {
  const wantsThem = args.some((arg) => heavyWords.includes(arg));
  return !wantsThem && args.some((arg) => lightCommands.includes(arg));
}

const heavyWords = ['help', '--help', '-h', 'up', 'down', 'launcher'];

/** In a list of commands: what it takes, without the options that every command has. */
function subcommandTerm(command: Command): string {
  const usage = command.commands.length > 0 ? '' : command.usage().replace(/^\[options\] ?/, '');
  return `${command.name()} ${usage}`.trimEnd();
}

/** `help`, also for a command of a command: `cpectl help deployable start`. */
function registerHelp(program: Command): void {
  program.helpCommand(false);
  program
    .command('help')
    .description('help for a command')
    .argument('[command...]')
    .action((path: readonly string[]) => {
      let found = program;
      for (const word of path) {
        const next = found.commands.find((command) => command.name() === word);
        if (next === undefined) program.error(`error: there is no command '${path.join(' ')}'`);
        found = next;
      }
      found.help();
    });
}

const helpEnd = `
Exit status:
  0  done
  1  refused or failed: a document with errors, a name that is not there, a deployable that failed
  2  wrong usage
  3  the coordinator cannot be reached
  4  timed out; what was ordered goes on
  5  done, with another result than the expected one (cpectl agent)
  130  interrupted; what was ordered goes on

Start with: cpectl up`;
