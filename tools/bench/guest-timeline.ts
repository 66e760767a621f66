/** When things happened in a guest, in ms of its own monotonic clock. */
export interface GuestTimeline {
  readonly registered: number;
  readonly multiUser: number;
}

/**
 * A script for the guest (`agent sysconfig run-string`) that waits for its multi-user.target and prints, one a line: when
 * that was reached, when the agent's process was started (both by systemd, in us), and the agent's own line of its
 * registration with the ms since then.
 */
export const timelineScript = `
for second in $(seq 300); do
  [ "$(systemctl is-active multi-user.target)" = active ] && break
  sleep 1
done
systemctl show --property=ActiveEnterTimestampMonotonic --value multi-user.target
systemctl show --property=ExecMainStartTimestampMonotonic --value cpe-agent.service
main=$(systemctl show --property=MainPID --value cpe-agent.service)
journalctl --output=cat _SYSTEMD_UNIT=cpe-agent.service _PID=$main | grep -m 1 '"message":"registered"'
`;

/**
 * Reads the answer to that script: `OK`, and what it printed.
 *
 * @throws Error with the answer, when it is another one
 */
export function parseTimeline(answer: string): GuestTimeline {
  const [ok, multiUserUs = '', agentUs = '', line = ''] = answer.trim().split('\n');
  const uptimeMs = /"message":"registered","uptimeMs":(\d+)/.exec(line)?.[1];
  const [multiUser, agent] = [multiUserUs, agentUs].map((text) => (/^[1-9]\d*$/.test(text) ? Number(text) / 1000 : 0));
  if (ok !== 'OK' || !multiUser || !agent || uptimeMs === undefined) {
    throw new Error(`the guest does not tell when it had booted, but: ${answer.trim()}`);
  }
  return { registered: agent + Number(uptimeMs), multiUser };
}
