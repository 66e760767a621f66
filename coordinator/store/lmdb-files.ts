/** The files of a store; LMDB gives the lock files their names. What the gate is for stands at `openGate`. */
export const fileNames = {
  data: 'data.mdb',
  lock: 'lock.mdb',
  gate: 'gate.mdb',
  gateLock: 'gate.mdb-lock',
} as const;
