import type { Demo } from '@signalpost/contracts';

export interface Ready {
  readonly publicUrl: string;
  readonly setupLink: string | undefined;
  readonly demo: Demo | undefined;
}

/** What a person reads when the start is done: where to go, who can sign in, one line to try. */
export function readyMessage({ publicUrl, setupLink, demo }: Ready): string {
  const lines = [
    `Signalpost is ready: ${publicUrl}`,
    ...(setupLink === undefined
      ? []
      : ['', 'Make the first system administrator here (the link works once, for a day):', `  ${setupLink}`]),
    ...(demo === undefined ? [] : demoLines(demo)),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function demoLines({ accounts, tryIt: line }: Demo): readonly string[] {
  const [email, password] = (['email', 'password'] as const).map((key) =>
    Math.max(...accounts.map((account) => account[key].length)),
  );
  const rows = accounts.map(
    (account) =>
      `  ${account.email.padEnd(email ?? 0)}  ${account.password.padEnd(password ?? 0)}  ${account.role.replace('-', ' ')}`,
  );
  const tryIt =
    line === null
      ? []
      : ['', 'Try it: this signal raises an alarm, and the alarm sends a mail to the inbox page.', `  ${line}`];
  return ['', 'This is the demo. Sign in as', ...rows, ...tryIt];
}
