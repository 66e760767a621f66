import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { registerCreate } from './deployable-create.js';
import { registerDelete } from './deployable-delete.js';
import { registerHistory } from './deployable-history.js';
import { registerHold, registerResume } from './deployable-hold.js';
import { registerList } from './deployable-list.js';
import { registerMaintenance } from './deployable-maintenance.js';
import { registerPlan } from './deployable-plan.js';
import { registerReload } from './deployable-reload.js';
import { registerRollback } from './deployable-rollback.js';
import { registerStart } from './deployable-start.js';
import { registerStatus } from './deployable-status.js';
import { registerStop } from './deployable-stop.js';
import { registerValidate } from './deployable-validate.js';

/** `cpectl deployable ...`: definitions, and whether they are to run. */
export function registerDeployable(program: Command, terminal: Terminal): void {
  const group = program.command('deployable').description('define, start, stop and look at deployables');
  registerCreate(group, terminal);
  registerValidate(group, terminal);
  registerStart(group, terminal);
  registerStop(group, terminal);
  registerPlan(group, terminal);
  registerReload(group, terminal);
  registerHistory(group, terminal);
  registerRollback(group, terminal);
  registerMaintenance(group, terminal);
  registerHold(group, terminal);
  registerResume(group, terminal);
  registerDelete(group, terminal);
  registerList(group, terminal);
  registerStatus(group, terminal);
}
