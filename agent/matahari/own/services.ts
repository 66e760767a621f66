import { problem, type ServicesObject } from '../matahari.js';
import type { OwnParts } from './own-options.js';

export function ownServices({ properties }: OwnParts): ServicesObject {
  const pending = async () => problem('unavailable', 'not offered yet');
  return {
    get: properties,
    list: pending,
    enable: pending,
    disable: pending,
    start: pending,
    stop: pending,
    status: pending,
    describe: pending,
  };
}
