import { readFile } from 'node:fs/promises';
import { replaceFile } from '../durable-file.js';
import { chooseAddress } from './choose-address.js';

/** Assemblies whose last address is remembered; the longest unused are forgotten first. */
const REMEMBERED_LIMIT = 4096;

export interface AddressBook {
  /**
   * Chooses the address of a new instance of `owner` (see chooseAddress) and remembers it, in memory at once.
   * Undefined when every address of the launcher host is taken.
   */
  choose(owner: string, taken: ReadonlySet<string>): string | undefined;
  /** Resolves when what was chosen so far is on disk; rejects with the file system's error. */
  save(): Promise<void>;
}

/** Opens the file that makes addresses sticky. It is a memory, not a record: one that cannot be read is started anew. */
export async function openAddressBook(file: string, addresses: readonly string[]): Promise<AddressBook> {
  const remembered = await readRemembered(file);
  let isChanged = false;
  let saved = Promise.resolve();
  return {
    choose: (owner, taken) => {
      const address = chooseAddress({ addresses, owner, remembered, taken });
      if (address === undefined) return undefined;
      isChanged ||= remembered.get(owner) !== address;
      remembered.delete(owner);
      remembered.set(owner, address);
      for (const oldest of remembered.keys()) {
        if (remembered.size <= REMEMBERED_LIMIT) break;
        remembered.delete(oldest);
      }
      return address;
    },
    save: () => {
      const save = async () => {
        if (!isChanged) return;
        isChanged = false;
        await replaceFile(file, `${JSON.stringify(Object.fromEntries(remembered), undefined, 2)}\n`);
      };
      saved = saved.then(save, save);
      return saved;
    },
  };
}

async function readRemembered(file: string): Promise<Map<string, string>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    const entries = Object.entries(value ?? {});
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}
