import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findCloudAccess } from './clouds-yaml.js';

const SECRET = 'p4ssw0rd-that-nobody-may-see';
const AUTH = `
      auth_url: https://keystone.example.org:5000
      username: demo
      password: ${SECRET}
      user_domain_name: Default
      project_name: shop
      project_domain_id: default`;
const cloud = (more = '', auth = AUTH) => `clouds:\n  mine:\n    auth:${auth}\n${more}`;

describe('clouds.yaml', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'cpe-clouds-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const find = (
    text: string,
    given: { readonly cloud?: string; readonly region?: string; readonly env?: object } = {},
  ) => {
    const file = join(directory, 'clouds.yaml');
    writeFileSync(file, text);
    const environment = { OS_CLIENT_CONFIG_FILE: file, ...given.env };
    return findCloudAccess({ cloud: given.cloud, region: given.region, environment });
  };

  test('a user with a password in a project is read, and the only cloud is meant', async () => {
    const found = await find(cloud());
    assert.ok(found.kind === 'access', JSON.stringify(found));
    assert.equal(found.access.cloud, 'mine');
    assert.equal(found.access.authUrl, 'https://keystone.example.org:5000/v3');
    assert.equal(found.access.interface, 'public');
    assert.deepEqual(found.access.tls, { authorities: undefined, isVerified: true });
    assert.deepEqual(found.access.credentials, {
      kind: 'password',
      user: { name: 'demo', domain: { name: 'Default' } },
      password: SECRET,
      project: { name: 'shop', domain: { id: 'default' } },
    });
  });

  test('an application credential is read, by id and by name', async () => {
    const byId =
      '\n      auth_url: https://k/v3/\n      application_credential_id: abc\n      application_credential_secret: s';
    const found = await find(cloud('', byId));
    assert.ok(found.kind === 'access', JSON.stringify(found));
    assert.deepEqual(found.access.credentials, { kind: 'application-credential', id: { id: 'abc' }, secret: 's' });
    assert.equal(found.access.authUrl, 'https://k/v3');
    const byName = `${byId.replace('_id: abc', '_name: cpe')}\n      user_id: u1`;
    const named = await find(cloud('    auth_type: v3applicationcredential\n', byName));
    assert.ok(named.kind === 'access', JSON.stringify(named));
    assert.deepEqual(named.access.credentials, {
      kind: 'application-credential',
      id: { name: 'cpe', user: { id: 'u1' } },
      secret: 's',
    });
  });

  test('region, interface, authorities, endpoints and our own words are read', async () => {
    writeFileSync(join(directory, 'ca.pem'), 'PEM');
    const more = `    region_name: north
    interface: internalURL
    cacert: ca.pem
    compute_endpoint_override: https://nova.example.org/v2.1/
    cpe: { network: [a, b], flavor: m1.small }
`;
    const found = await find(cloud(more));
    assert.ok(found.kind === 'access', JSON.stringify(found));
    const { access } = found;
    assert.deepEqual([access.region, access.interface], ['north', 'internal']);
    assert.deepEqual(access.tls, { authorities: 'PEM', isVerified: true });
    assert.deepEqual(access.endpoints, { compute: 'https://nova.example.org/v2.1' });
    assert.deepEqual(access.defaults, { network: 'a,b', flavor: 'm1.small' });
    const other = await find(cloud(more), { region: 'south' });
    assert.equal(other.kind === 'access' && other.access.region, 'south');
  });

  test('secrets may be in secure.yaml', async () => {
    const file = join(directory, 'secure.yaml');
    writeFileSync(file, `clouds:\n  mine:\n    auth:\n      password: ${SECRET}\n`);
    const found = await find(cloud('', AUTH.replace(/\n.*password:.*/, '')));
    rmSync(file);
    assert.ok(found.kind === 'access' && found.access.credentials.kind === 'password', JSON.stringify(found));
    assert.equal(found.access.credentials.password, SECRET);
  });

  const problems: readonly (readonly [string, string, RegExp, object?])[] = [
    ['a cloud that is not there', cloud(), /has no cloud "theirs"; it has mine/, { OS_CLOUD: 'theirs' }],
    ['several clouds and none named', `${cloud()}  theirs: {}\n`, /has several clouds; name one with OS_CLOUD/],
    ['no password', cloud('', AUTH.replace(/\n.*password:.*/, '')), /has no password/],
    ['no user', cloud('', AUTH.replace(/\n.*username:.*/, '')), /neither user_id nor username/],
    ['no domain', cloud('', AUTH.replace(/\n.*user_domain.*/, '')), /username, but neither user_domain_name nor/],
    ['no URL', cloud('', AUTH.replace('https:', 'keystone:')), /auth_url of cloud "mine" in .* is no http/],
    ['another way to authenticate', cloud('    auth_type: v3oidcpassword\n'), /auth_type v3oidcpassword/],
    ['no such interface', cloud('    interface: secret\n'), /interface of .* is none of public, internal, admin/],
    ['no such authorities', cloud('    cacert: /nonexistent.pem\n'), /cacert of .*: there is no \/nonexistent.pem/],
    [
      'a word of ours that is none',
      cloud('    cpe: { flavour: m1 }\n'),
      /"cpe" has flavour, which is none of network,/,
    ],
    ['no YAML', `clouds: {\n  password: ${SECRET}\n  [`, /is no YAML/],
    ['no mapping', '- a', /is no mapping/],
  ];
  for (const [what, text, expected, env] of problems) {
    test(`a problem is named, without a secret: ${what}`, async () => {
      const found = await find(text, env === undefined ? {} : { env });
      assert.ok(found.kind === 'problem', JSON.stringify(found));
      assert.match(found.problem, expected);
      assert.ok(!found.problem.includes(SECRET));
    });
  }
});
