/**
 * What is known of a launcher host by all deployables alike: one record in the store (`host/<name>`), written by the CPE
 * for operators and by the DPE that had it fenced, followed by every DPE.
 */
export interface HostFact {
  readonly name: string;
  readonly isDrained: boolean;
  /** Proof that it is dead: nothing on it runs. Ends when its launcher is heard again after `at`. */
  readonly death: { readonly at: number; readonly by: string; readonly evidence: string } | undefined;
  /** How it can be fenced; undefined: only an operator's word proves its death. */
  readonly fencer: Fencer | undefined;
  /** Who has it fenced at present: power switches take one session at a time. */
  readonly fencing?: FencingClaim | undefined;
}

/** Holds for its owner alone, until `until` (unix ms) at the latest. */
export interface FencingClaim {
  /** In the words that are told, as in `HostFact.death`. */
  readonly by: string;
  readonly until: number;
}

/** A program with the interface of fence-agents: `key=value` lines on standard input, exit code 0 for done. */
export interface Fencer {
  /** argv. */
  readonly command: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export function plainHostFact(name: string): HostFact {
  return { name, isDrained: false, death: undefined, fencer: undefined };
}
