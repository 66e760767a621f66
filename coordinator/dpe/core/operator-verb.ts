/** What an operator asks of a deployable besides its definition and its desired state. */
export type OperatorVerb =
  | {
      readonly kind:
        | 'resource-start'
        | 'resource-stop'
        | 'resource-restart'
        | 'resource-manage'
        | 'resource-unmanage'
        | 'resource-fail'
        | 'resource-clear';
      /** CIB id: `<assembly>.<resource>`, `<assembly>.vm`, or `<replicated assembly>.<resource>` for a clone. */
      readonly resource: string;
    }
  | {
      readonly kind: 'resource-cleanup' /** Undefined: everything of the deployable. */;
      readonly resource: string | undefined;
    }
  | {
      readonly kind: 'resource-move' | 'resource-ban';
      readonly resource: string;
      /** Launcher host of a VM, replica of a clone; undefined (ban only): where it is now. */
      readonly node: string | undefined;
      readonly role: 'promoted' | undefined;
      /** Unix ms. */
      readonly until: number | undefined;
    }
  | {
      readonly kind:
        | 'assembly-standby'
        | 'assembly-unstandby'
        | 'assembly-restart'
        | 'assembly-destroy'
        | 'assembly-drain';
      readonly assembly: string;
    }
  | { readonly kind: 'deployable-maintenance'; readonly isOn: boolean }
  | { readonly kind: 'deployable-hold'; readonly reason: string }
  | { readonly kind: 'deployable-resume' };

/** What became of it, for the one who asked. */
export type VerbReply =
  | {
      readonly kind: 'done';
      readonly message: string;
      readonly warnings: readonly string[];
      /** False when it was so already. */
      readonly isChanged: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'invalid-request' | 'conflict' | 'unavailable';
      readonly message: string;
    };
