import { problem, type ResourcesObject } from '../matahari.js';
import type { OwnParts } from './own-options.js';

export function ownResources({ properties }: OwnParts): ResourcesObject & { close(): Promise<void> } {
  const pending = async () => problem('unavailable', 'not offered yet');
  return {
    get: properties,
    listStandards: pending,
    listProviders: pending,
    list: pending,
    describe: pending,
    invoke: pending,
    cancel: pending,
    fail: pending,
    onResourceOp: () => () => undefined,
    close: async () => undefined,
  };
}
