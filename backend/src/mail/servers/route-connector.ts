import type { ProxySettings } from '../../net/index.js';

/** The way to a mail server and to the authority of its tokens. */
export type RouteConnector = { readonly kind: 'direct' } | ProxySettings;
