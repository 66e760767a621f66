import type { CibInput } from '../state/cib-input.js';
import { defaultInstanceTiming, type InstanceTiming } from '../state/instance-timing.js';
import { renderConfigurationInSteps } from './cib-configuration.js';
import { renderStatusInSteps } from './cib-status.js';
import { knownHosts } from './leftovers.js';
import { element } from './xml.js';

/**
 * The CIB of a deployable: everything that a decision depends on, as one XML document that the scheduler library,
 * `crm_verify`, `crm_mon` and `crm_simulate` read alike. Equal inputs give equal text.
 *
 * @param input the deployable, what is known of its hosts and assemblies, and its operation history
 * @param timing intervals and timeouts of VM and connection operations, which documents do not name
 */
export function renderCib(input: CibInput, timing: InstanceTiming = defaultInstanceTiming): string {
  const steps = renderCibInSteps(input, timing);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps far below a millisecond, between which the caller may do something else. */
export function* renderCibInSteps(
  input: CibInput,
  timing: InstanceTiming = defaultInstanceTiming,
): Generator<void, string, void> {
  const hosts = knownHosts(input);
  const { dialect, revision, nowUnixMs } = input;
  const attributes = {
    crm_feature_set: dialect.featureSet,
    'validate-with': dialect.schema,
    admin_epoch: 1,
    epoch: revision,
    num_updates: 0,
    'have-quorum': 1,
    // Any host will do: tools want to name a coordinator, and the policy elects none.
    'dc-uuid': hosts[0]?.name,
    // The scheduler's clock, so that a recorded decision can be made again (crm_simulate reads it).
    'execution-date': Math.floor(nowUnixMs / 1000),
  };
  const complete = { ...input, hosts };
  const configuration = yield* renderConfigurationInSteps(complete, timing);
  return element('cib', attributes, [configuration, yield* renderStatusInSteps(complete)]);
}
