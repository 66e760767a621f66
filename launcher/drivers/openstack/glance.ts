import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { orMissing, readAnswer } from './cloud-fault.js';
import type { CloudRequest, CloudSession } from './cloud-session.js';
import { asArray, asObject, optionalText, textOf } from './json-fields.js';

/** What is used of Glance (API v2). Everything rejects with a `cloudError`. */
export interface Glance {
  /** By id, or the newest active one of that name. Undefined when there is none. */
  image(nameOrId: string): Promise<CloudImage | undefined>;
  /**
   * Uploads a disk image under a new name, and removes what there is of it when that fails.
   *
   * @param timeoutMs for the whole upload.
   */
  uploadImage(image: NewImage, timeoutMs: number): Promise<CloudImage>;
}

export interface CloudImage {
  readonly id: string;
  readonly name: string;
  /** `active`, `queued`, `saving`, `killed`, `deleted`, `deactivated` ... */
  readonly status: string;
  readonly minDiskGiB: number;
  readonly minMemoryMiB: number;
}

export interface NewImage {
  readonly name: string;
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
  readonly minDiskGiB: number;
  /** `hw_qemu_guest_agent`, `os_shutdown_timeout` ... */
  readonly properties: Readonly<Record<string, string>>;
}

export async function openGlance(session: CloudSession): Promise<Glance> {
  const url = await session.baseUrl('image');
  const base = /\/v2(\.\d+)?$/.test(url) ? url : `${url}/v2`;
  const call = (request: Omit<CloudRequest, 'service'>) => session.call({ service: 'image', base, ...request });

  const byId = async (id: string): Promise<CloudImage> => {
    const answer = await call({ method: 'GET', path: `/images/${id}` });
    return readAnswer('GET /images/{id}', () => parseImage(answer));
  };

  return {
    image: async (nameOrId) => {
      const query = { name: nameOrId, status: 'active', sort: 'created_at:desc', limit: '1' };
      const answer = await call({ method: 'GET', path: '/images', query });
      const [named] = readAnswer('GET /images', () => asArray(answer.images, 'images').map(parseImage));
      if (named !== undefined || !UUID.test(nameOrId)) return named;
      // Glance's 404 is a page, not JSON; that an image is not there proves nothing that matters.
      return orMissing(byId(nameOrId));
    },
    uploadImage: async ({ name, file, format, minDiskGiB, properties }, timeoutMs) => {
      const description = { name, disk_format: format, container_format: 'bare', min_disk: minDiskGiB, ...properties };
      const answer = await call({ method: 'POST', path: '/images', body: description });
      const { id } = readAnswer('POST /images', () => parseImage(answer));
      try {
        const { size } = await stat(file);
        await session.raw({
          service: 'image',
          method: 'PUT',
          base,
          path: `/images/${id}/file`,
          headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
          content: createReadStream(file),
          patienceMs: timeoutMs,
        });
        return await byId(id);
      } catch (error) {
        await call({ method: 'DELETE', path: `/images/${id}` }).catch(() => undefined);
        throw error;
      }
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function parseImage(value: unknown): CloudImage {
  const fields = asObject(value, 'an image');
  return {
    id: textOf(fields, 'id'),
    name: optionalText(fields, 'name') ?? '',
    status: textOf(fields, 'status'),
    minDiskGiB: typeof fields.min_disk === 'number' ? fields.min_disk : 0,
    minMemoryMiB: typeof fields.min_ram === 'number' ? fields.min_ram : 0,
  };
}
