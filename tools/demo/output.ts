/** The demo's text. */
export interface Output {
  heading(text: string): void;
  line(text?: string): void;
}

export const output: Output = {
  heading: (text) => void process.stdout.write(`\n== ${text}\n`),
  line: (text = '') => void process.stdout.write(`${text}\n`),
};
