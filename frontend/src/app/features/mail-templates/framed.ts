export const LOOKS = ['light', 'dark', 'phone', 'no-pictures', 'text'] as const;
export type Look = (typeof LOOKS)[number];

/** Nothing runs, nothing is fetched; pictures only as data inside the mail. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
const DARK_MODE = /@media \(prefers-color-scheme: dark\)/g;

/** The mail's page as a mail program in this mood would show it, whatever mood this browser is in. */
export function framed(html: string, look: Look): string {
  const inMood = html.replace(DARK_MODE, look === 'dark' ? '@media all' : '@media not all');
  const seen = look === 'no-pictures' ? inMood.replace(/(<img\b[^>]*\ssrc=")[^"]*"/g, '$1"') : inMood;
  return seen.replace(
    /<head>/,
    `<head>${POLICY}<meta name="color-scheme" content="${look === 'dark' ? 'dark' : 'light'}">`,
  );
}
