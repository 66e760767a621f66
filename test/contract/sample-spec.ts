import type { InstanceSpec } from '../../launcher/driver.js';

/** What the suite's instances differ in from driver to driver. */
export type SampleSpec = Pick<InstanceSpec, 'image' | 'memoryMiB' | 'bootDeadlineMs'> & {
  readonly credentialsFile: string;
};

/** @param instance its full id, from which the rest follows */
export function sampleSpec(
  instance: string,
  { credentialsFile, image, memoryMiB, bootDeadlineMs }: SampleSpec,
): InstanceSpec {
  const [deployable = '', assembly = '', launcherHost = ''] = instance.split('.');
  return {
    instance,
    deployable,
    assembly,
    image,
    cpus: undefined,
    memoryMiB,
    disks: [],
    networks: [],
    placement: {},
    bootDeadlineMs,
    identity: {
      deployable,
      assembly,
      instance,
      launcherHost,
      epoch: 1,
      busServers: ['nats://127.0.0.1:4222'],
      credentialsFile,
      heartbeatIntervalMs: 1000,
    },
  };
}
