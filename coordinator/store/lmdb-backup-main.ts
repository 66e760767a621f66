/**
 * Child process of a backup (lmdb-backup.ts): `node lmdb-backup-main.js DIRECTORY TARGET` copies the store of DIRECTORY,
 * which may be in use, as it is at one moment to TARGET/data.mdb, and prints `copied`, or `lock-gone` (see isLockGone).
 */
import { openEnvironment } from './lmdb-environment.js';
import { isLockGone } from './lmdb-lock-gone.js';

const [directory = '', target = ''] = process.argv.slice(2);
try {
  await openEnvironment(directory, { mapBytes: 1024 * 1024, isReadOnly: true }).copyTo(target);
  process.stdout.write('copied');
} catch (error) {
  if (!isLockGone(error)) throw error;
  process.stdout.write('lock-gone');
}
