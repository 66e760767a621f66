/** Who performs an operation on a resource of the CIB. */
export type Performer =
  | { readonly kind: 'launcher'; readonly assembly: string }
  | { readonly kind: 'connection'; readonly assembly: string }
  | { readonly kind: 'agent'; readonly assembly: string };

export function performerOf(resource: { readonly id: string; readonly type: string }): Performer {
  const [assembly = '', name] = resource.id.split('.');
  if (name === undefined) return { kind: 'connection', assembly };
  return resource.type === 'assembly' && name === 'vm' ? { kind: 'launcher', assembly } : { kind: 'agent', assembly };
}
