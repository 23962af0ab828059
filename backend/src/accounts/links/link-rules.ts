import type { LinkPurpose } from '@signalpost/contracts';

/** What is said once about each kind of link: the page of the user interface that it opens, and how long it works. */
export interface LinkRule {
  readonly path: string;
  readonly hours: number;
}

/** A reset link is as good as the password, so it is short; an invitation may wait over a weekend. */
export const LINK_RULES = {
  activation: { path: '/activate', hours: 72 },
  'password-reset': { path: '/reset', hours: 1 },
  'address-confirmation': { path: '/confirm-address', hours: 24 },
  'address-undo': { path: '/confirm-address', hours: 7 * 24 },
  unlock: { path: '/unlock', hours: 1 },
} as const satisfies Record<LinkPurpose, LinkRule>;

/** Made of the configured address alone: what a request says of its host is anybody's word. */
export const linkUrl = (publicUrl: string, purpose: LinkPurpose, token: string): string =>
  `${publicUrl}${LINK_RULES[purpose].path}?token=${token}`;
