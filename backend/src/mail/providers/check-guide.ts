import { GUIDE_PLACEHOLDERS, type MailProviderTemplate } from '@signalpost/contracts';

/** A link of Markdown, `[text](url)`. */
const LINK = /\[([^\]]+)\]\(([^()\s]+)\)/g;
const PLACEHOLDER = /\{\{(.*?)\}\}/g;

/** Every link, each address once. */
export function linksOf(guide: string): MailProviderTemplate['links'] {
  const links = [...guide.matchAll(LINK)].map(([, text = '', url = '']) => ({ text, url }));
  return links.filter(({ url }, index) => links.findIndex((other) => other.url === url) === index);
}

/** What in a guide is not about its provider, cannot be followed or cannot be filled in. */
export function checkGuide({ name, guide }: MailProviderTemplate): string[] {
  const names: readonly string[] = GUIDE_PLACEHOLDERS;
  const placeholders = [...guide.matchAll(PLACEHOLDER)].map(([, inner = '']) => inner);
  const bare = guide.replaceAll(LINK, '').match(/\bhttps?:\/\/\S+/g) ?? [];
  const title = guide.split('\n', 1)[0];
  return [
    ...(title === `# ${name}` ? [] : [`its guide does not begin with "# ${name}"`]),
    ...placeholders.filter((one) => !names.includes(one)).map((one) => `its guide has an unknown place {{${one}}}`),
    ...(guide.split('```').length % 2 === 0 ? ['its guide has a code block without an end'] : []),
    ...bare
      .filter((url) => url.startsWith('http:') && !url.startsWith('http://localhost'))
      .map((url) => `${url} is not https`),
  ];
}
