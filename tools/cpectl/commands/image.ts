import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { registerImageBake } from './image-bake.js';
import { registerImageClone } from './image-clone.js';
import { registerImageDelete } from './image-delete.js';
import { registerImageInspect, registerImageList } from './image-list.js';

/** `cpectl image ...`: what instances are started from. None of them needs a running coordinator. */
export function registerImage(program: Command, terminal: Terminal): void {
  const group = program.command('image').description('images of virtual machines: bake, look at, clone, delete');
  registerImageBake(group, terminal);
  registerImageList(group, terminal);
  registerImageInspect(group, terminal);
  registerImageClone(group, terminal);
  registerImageDelete(group, terminal);
}
