/** How far mmdebstrap is, from the lines that it, apt and dpkg print. */
export interface PackageProgress {
  readonly share: number;
  readonly detail: string;
}

interface Stage {
  readonly begins: RegExp;
  readonly detail: string;
  readonly from: number;
  readonly to: number;
}

/** In the order in which they come (mmdebstrap 1.3, main); shares are those of the time of a bake with 130 packages. */
const stages: readonly Stage[] = [
  { begins: /^I: running apt-get update/, detail: 'reading the lists of packages', from: 0, to: 0.08 },
  { begins: /^I: downloading packages/, detail: 'downloading', from: 0.08, to: 0.15 },
  { begins: /^I: (?:extracting|installing essential)/, detail: 'the essential ones', from: 0.15, to: 0.5 },
  { begins: /^I: installing remaining/, detail: 'the others', from: 0.5, to: 0.95 },
  { begins: /^I: running --customize-hook/, detail: 'the kernel', from: 0.95, to: 0.98 },
  { begins: /^I: cleaning/, detail: 'cleaning up', from: 0.98, to: 1 },
];

/** A reader of lines, each of which changes the progress or not. Shares never fall. */
export function packageProgress(): (line: string) => PackageProgress | undefined {
  let at = -1;
  let steps = 0;
  let done = 0;
  let share = 0;
  return (line) => {
    const next = stages.findIndex(({ begins }, index) => index > at && begins.test(line));
    if (next >= 0) {
      at = next;
      [steps, done] = [0, 0];
    }
    const stage = stages[at];
    if (stage === undefined) return undefined;
    const [, count] = /^\d+ upgraded, (\d+) newly installed/.exec(line) ?? [];
    // Each is downloaded, unpacked and set up.
    if (count !== undefined) steps = 3 * Number(count);
    const [, verb = '', name = ''] = /^(Get:|Unpacking|Setting up)\S* .*?([a-z0-9][a-z0-9+.-]{2,})/.exec(line) ?? [];
    if (verb !== '') done += 1;
    if (next < 0 && verb === '') return undefined;
    const part = steps === 0 ? 0 : Math.min(1, done / steps);
    share = Math.max(share, stage.from + (stage.to - stage.from) * part);
    const isPackage = verb === 'Unpacking' || verb === 'Setting up';
    return { share, detail: isPackage ? `${verb.toLowerCase()} ${name}` : stage.detail };
  };
}
