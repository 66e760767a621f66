import { randomUUID } from 'node:crypto';
import type { CloudAnswer, CloudQuestion } from './openstack-cloud.js';
import { refuseToken } from './openstack-cloud-keystone.js';
import type { CloudState, FakeImage } from './openstack-cloud-state.js';

/** Glance's API v2. Its refusals are pages, not JSON. */
export function answerGlance(state: CloudState, question: CloudQuestion): CloudAnswer {
  const { method, path, query } = question;
  const refused = refuseToken(state, question.headers);
  if (refused !== undefined) return refused;
  const [, id, part] = /^\/v2\/images(?:\/([^/]+))?(\/file)?$/.exec(path) ?? [];
  if (!path.startsWith('/v2/images')) return page(404, 'Not Found', 'The resource could not be found.');
  if (id === undefined && method === 'GET') {
    const limit = Number(query.get('limit') ?? 25);
    const images = [...state.images.values()]
      .filter(({ name }) => !query.has('name') || query.get('name') === name)
      .filter(({ status }) => !query.has('status') || query.get('status') === status)
      .slice(0, limit);
    return {
      status: 200,
      body: { images: images.map(renderImage), first: '/v2/images', schema: '/v2/schemas/images' },
    };
  }
  if (id === undefined && method === 'POST') return createImage(state, question);
  const image = id === undefined ? undefined : state.images.get(id);
  if (image === undefined) return page(404, 'Not Found', `No image found with ID ${id}`);
  if (part === '/file' && method === 'PUT') return upload(image, question);
  if (part !== undefined) return page(405, 'Method Not Allowed', '');
  if (method === 'GET') return { status: 200, body: renderImage(image) };
  if (method !== 'DELETE') return page(405, 'Method Not Allowed', '');
  state.images.delete(image.id);
  return { status: 204 };
}

const BASE = [
  'name',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
  'tags',
  'visibility',
  'protected',
  'id',
];
const FORMATS = ['raw', 'qcow2', 'vmdk', 'vdi', 'iso'];

function createImage(state: CloudState, { body }: CloudQuestion): CloudAnswer {
  const fields = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const { name, disk_format: format, min_disk: minDisk = 0, min_ram: minRam = 0 } = fields;
  if (!FORMATS.includes(String(format))) return page(400, 'Bad Request', `Invalid disk format '${String(format)}'`);
  const strange = Object.entries(fields).find(([key, value]) => !BASE.includes(key) && typeof value !== 'string');
  if (strange !== undefined) return page(400, 'Bad Request', `Provided object does not match schema: ${strange[0]}`);
  const image: FakeImage = {
    id: randomUUID(),
    name: String(name),
    minDisk: Number(minDisk),
    minRam: Number(minRam),
    status: 'queued',
    size: 0,
    fields,
  };
  state.images.set(image.id, image);
  return { status: 201, headers: { location: `/v2/images/${image.id}` }, body: renderImage(image) };
}

function upload(image: FakeImage, { headers, body }: CloudQuestion): CloudAnswer {
  if (headers['content-type'] !== 'application/octet-stream') return page(415, 'Unsupported Media Type', '');
  if (image.status !== 'queued') return page(409, 'Conflict', `Image status transition from ${image.status} to saving`);
  image.size = body.length;
  image.status = 'active';
  return { status: 204 };
}

function renderImage({ id, name, minDisk, minRam, status, size, fields }: FakeImage) {
  return { ...fields, id, name, status, min_disk: minDisk, min_ram: minRam, size, visibility: 'shared', tags: [] };
}

function page(status: number, title: string, text: string): CloudAnswer {
  return {
    status,
    body: `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1>${text}</body></html>`,
  };
}
