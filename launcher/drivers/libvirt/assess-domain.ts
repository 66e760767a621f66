import type { InstanceCondition } from '../../driver.js';
import { conditionOf, type Departure } from './domain-state.js';

/** What libvirtd says of a domain by its UUID. */
export type LibvirtAnswer =
  | { readonly kind: 'state'; readonly state: number; readonly reason: number }
  | { readonly kind: 'no-such-domain' }
  | { readonly kind: 'none'; readonly reason: string };

/** What the kernel says of its QEMU; `isStopped`: by a signal, or by whoever traces it. */
export type QemuProcess =
  | { readonly kind: 'alive'; readonly pid: number; readonly isStopped: boolean }
  | { readonly kind: 'ended'; readonly evidence: string }
  /** It was never seen, or cannot be seen: neither is a proof. */
  | { readonly kind: 'unseen'; readonly reason: string };

export type Assessment =
  | { readonly kind: 'alive'; readonly pid: number; readonly condition: InstanceCondition }
  | { readonly kind: 'dead'; readonly evidence: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * How an instance is, from three witnesses. A libvirtd that is down proves nothing, and neither does "no such domain" by
 * itself: it may have lost its state while its guests run on. The end of QEMU's process is the proof; where it cannot be
 * seen, libvirtd's own report that it has ended the domain.
 */
export function assessDomain(answer: LibvirtAnswer, qemu: QemuProcess, departure: Departure | undefined): Assessment {
  switch (answer.kind) {
    case 'state':
      return assessKnown(answer, qemu);
    case 'no-such-domain':
      return assessGone(qemu, departure, 'libvirtd has no such domain');
    case 'none':
      return qemu.kind === 'unseen'
        ? { kind: 'unknown', reason: `${answer.reason}; ${qemu.reason}` }
        : assessGone(qemu, departure, answer.reason);
  }
}

function assessKnown(
  { state, reason }: { readonly state: number; readonly reason: number },
  qemu: QemuProcess,
): Assessment {
  const domain = conditionOf(state, reason);
  const ended = qemu.kind === 'ended' ? qemu.evidence : undefined;
  if (domain.kind === 'off') {
    if (ended !== undefined) return { kind: 'dead', evidence: `${domain.evidence}; ${ended}` };
    return { kind: 'unknown', reason: `${domain.evidence}, but the end of its QEMU is not proven` };
  }
  // libvirtd notices in a moment; or it runs as a process that was not seen yet.
  if (ended !== undefined) return { kind: 'unknown', reason: `${ended}, but libvirtd has not noticed` };
  const pid = qemu.kind === 'alive' ? qemu.pid : 0;
  // libvirtd does not notice this: it says what QEMU has said last.
  if (qemu.kind === 'alive' && qemu.isStopped) {
    const evidence = `its QEMU, pid ${pid}, is stopped by a signal`;
    return { kind: 'alive', pid, condition: { kind: 'not-answering', evidence } };
  }
  return { kind: 'alive', pid, condition: domain.condition };
}

function assessGone(qemu: QemuProcess, departure: Departure | undefined, said: string): Assessment {
  switch (qemu.kind) {
    case 'alive': {
      const evidence = `${said}, but its QEMU, pid ${qemu.pid}, runs`;
      return { kind: 'alive', pid: qemu.pid, condition: { kind: 'not-answering', evidence } };
    }
    case 'ended':
      if (departure?.kind === 'moved') return { kind: 'unknown', reason: departure.reason };
      return { kind: 'dead', evidence: `${departure?.evidence ?? said}; ${qemu.evidence}` };
    case 'unseen':
      if (departure?.kind === 'moved') return { kind: 'unknown', reason: departure.reason };
      return departure === undefined
        ? { kind: 'unknown', reason: `${said}, but the end of its QEMU is not proven: ${qemu.reason}` }
        : { kind: 'dead', evidence: `${departure.evidence}; ${said}` };
  }
}
