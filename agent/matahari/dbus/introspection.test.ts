import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIntrospection } from './introspection.js';

const head = `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">`;

test('methods have the types of their inputs, properties their own', () => {
  const interfaces = parseIntrospection(`${head}
<node name="/org/matahariproject/Host">
  <!-- a comment -->
  <interface name="org.matahariproject.Host">
    <annotation name="org.freedesktop.DBus.GLib.CSymbol" value="Host"/>
    <method name="identify"><annotation name="org.freedesktop.DBus.GLib.NoReply" value="yes"/></method>
    <method name="set_uuid">
      <arg name="lifetime" type="s" direction="in"/>
      <arg name="uuid" type="s"/>
      <arg name="rc" type="i" direction="out"/>
    </method>
    <property name="memory" type="t" access="read"/>
    <signal name="heartbeat"><arg name="sequence" type="u"/></signal>
  </interface>
  <interface name="org.freedesktop.DBus.Peer"/>
</node>`);
  const host = interfaces.get('org.matahariproject.Host');
  assert.deepEqual(
    [...(host?.methods ?? [])],
    [
      ['identify', []],
      ['set_uuid', ['s', 's']],
    ],
  );
  assert.deepEqual([...(host?.properties ?? [])], [['memory', 't']]);
  assert.deepEqual([...interfaces.keys()], ['org.matahariproject.Host', 'org.freedesktop.DBus.Peer']);
});

test('what is no description of an object is none', () => {
  for (const text of ['', 'nonsense', '<node>', '<node><interface name="a">', '<other><interface name="a"/></other>']) {
    assert.equal(parseIntrospection(text).size, 0, text);
  }
  const child = '<node><node name="child"><interface name="a"/></node></node>';
  assert.equal(parseIntrospection(child).size, 0, 'interfaces of a child are not those of the object');
});
