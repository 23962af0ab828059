import { z } from 'zod';

import type { EmailDraft } from '../../../language/email-draft.js';
import { SEND_EMAIL } from '../../../language/message-types.js';
import type { RuleMessage } from '../../../language/rule-message.js';
import { needsJson, parseTemplate } from '../../../language/template.js';
import { implementPure } from '../../../node/implement-node.js';
import { failed, success } from '../../../node/outcome.js';
import { toEmailNode } from './to-email.descriptor.js';

export const toEmailRun = implementPure(toEmailNode, (config) => {
  const isHtml = htmlRule(config.mailBodyType, config.isHtmlTemplate);
  const fill = filler(config);
  const readsData = templatesOf(config).some(needsJson);
  return (message) => {
    if (readsData && message.dataType !== 'JSON')
      return failed(
        message,
        'message-data',
        'Failed to process pattern! The message is not JSON, so $[…] cannot be read from it.',
      );
    const images = imagesOf(message);
    if (images === 'invalid')
      return failed(message, 'message-images', 'metadata.images is not a JSON object of content id to base64 text.');
    const html = isHtml(message);
    const draft = { ...fill(message, html && config.escapeHtmlValues), images, html } satisfies EmailDraft;
    return success({ ...message, type: SEND_EMAIL, dataType: 'JSON', data: draft });
  };
});

interface Templates {
  readonly fromTemplate: string | null;
  readonly toTemplate: string | null;
  readonly ccTemplate: string | null;
  readonly bccTemplate: string | null;
  readonly subjectTemplate: string | null;
  readonly bodyTemplate: string | null;
}

const templatesOf = (config: Templates & { readonly isHtmlTemplate: string | null }): string[] =>
  [
    config.fromTemplate,
    config.toTemplate,
    config.ccTemplate,
    config.bccTemplate,
    config.subjectTemplate,
    config.bodyTemplate,
    config.isHtmlTemplate,
  ].filter((template) => template !== null);

function filler(config: Templates) {
  const [from, to, cc, bcc] = [config.fromTemplate, config.toTemplate, config.ccTemplate, config.bccTemplate].map(
    orNull,
  );
  const [subject, body] = [orNull(config.subjectTemplate), orNull(config.bodyTemplate)];
  return (message: RuleMessage, escape: boolean) => ({
    from: from?.(message) ?? null,
    to: to?.(message) ?? null,
    cc: cc?.(message) ?? null,
    bcc: bcc?.(message) ?? null,
    subject: subject?.(message) ?? null,
    body: (escape ? body?.(message, escapeHtml) : body?.(message)) ?? null,
  });
}

/** An empty template leaves its field out. */
const orNull = (template: string | null) => (template ? parseTemplate(template) : null);

function htmlRule(type: 'false' | 'true' | 'dynamic', template: string | null): (message: RuleMessage) => boolean {
  if (type !== 'dynamic') return () => type === 'true';
  const isHtml = parseTemplate(template ?? '');
  return (message) => isHtml(message).toLowerCase() === 'true';
}

const Images = z.record(z.string(), z.string());

function imagesOf({ metadata: { images } }: RuleMessage): Record<string, string> | null | 'invalid' {
  if (!images) return null;
  try {
    return Images.parse(JSON.parse(images));
  } catch {
    return 'invalid';
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
