/** The files of a store; LMDB gives the lock files their names. What the gate is for stands at `openGate`. */
export const fileNames = {
  data: 'data.mdb',
  /** Tells a store whose data are gone from a place that never had one. */
  marker: 'created.json',
  lock: 'lock.mdb',
  gate: 'gate.mdb',
  gateLock: 'gate.mdb-lock',
} as const;
