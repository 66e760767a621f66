/** The part of JSON Schema that Nova's request schemas use, with the messages of its validator. */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly format?: 'uuid' | 'base64';
}

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null';

const FORMATS = {
  uuid: (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  /** As Python decodes it, which Nova does: characters that are none of base64 do not count. */
  base64: (text: string) => text.replace(/[^A-Za-z0-9+/=]/g, '').length % 4 === 0,
} as const;

/** What is wrong with a value, in the words of nova/api/validation/validators.py; undefined when nothing is. */
export function schemaProblem(schema: Schema, value: unknown, at = ''): string | undefined {
  const invalid = (what: string) =>
    `Invalid input for field/attribute ${at || 'body'}. Value: ${String(value)}. ${what}`;
  if (schema.oneOf !== undefined) {
    const fitting = schema.oneOf.filter((branch) => schemaProblem(branch, value, at) === undefined);
    return fitting.length === 1 ? undefined : invalid('It is not valid under exactly one of the given schemas');
  }
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return invalid(`${JSON.stringify(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return invalid(`${JSON.stringify(value)} is not one of ${JSON.stringify(schema.enum)}`);
  }
  if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength) return invalid(`'${value}' is too short`);
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return invalid(`'${value}' is too long`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      return invalid(`'${value}' does not match '${schema.pattern}'`);
    if (schema.format !== undefined && !FORMATS[schema.format](value)) return invalid(`it is not a '${schema.format}'`);
  }
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return invalid(`${value} is less than the minimum of ${schema.minimum}`);
  }
  if (Array.isArray(value)) return arrayProblem(schema, value, { invalid });
  return typeof value === 'object' && value !== null ? objectProblem(schema, value, { invalid }) : undefined;
}

interface Where {
  readonly invalid: (what: string) => string;
}

function arrayProblem({ items, maxItems }: Schema, value: readonly unknown[], { invalid }: Where): string | undefined {
  if (maxItems !== undefined && value.length > maxItems) return invalid('it is too long');
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const problem = schemaProblem(items, item, String(index));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function objectProblem(schema: Schema, value: object, { invalid }: Where): string | undefined {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema;
  const missing = schema.required?.find((name) => !(name in value));
  if (missing !== undefined) return invalid(`'${missing}' is a required property`);
  for (const [name, item] of Object.entries(value)) {
    const pattern = Object.keys(patternProperties).find((candidate) => new RegExp(candidate).test(name));
    const inner = properties[name] ?? (pattern === undefined ? undefined : patternProperties[pattern]);
    if (inner === undefined) {
      if (additionalProperties) continue;
      return invalid(`Additional properties are not allowed ('${name}' was unexpected)`);
    }
    const problem = schemaProblem(inner, item, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isOfType(value: unknown, type: SchemaType): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
  }
}
