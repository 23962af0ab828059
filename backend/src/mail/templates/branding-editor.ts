import {
  MAX_LOGO_BYTES,
  type Branding,
  type BrandingInput,
  type BrandView,
  type ProblemFieldError,
} from '@signalpost/contracts';

import type { Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Database } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { contrast, dataUriOf, LEAST_CONTRAST, LIGHT_CARD, readableOn, type Brand, type BrandLogo } from './brand.js';
import type { Brandings, OwnBrand } from './brandings.js';
import { readLogo, shownSize } from './read-logo.js';
import { coloursOf } from './render.js';

/** Lets administrators change what the system's mails look like, in their own scope. */
export class BrandingEditor {
  constructor(
    private readonly db: Database,
    private readonly brandings: Brandings,
  ) {}

  async read(tenantId: string): Promise<Branding> {
    const { own, effective, inherited, revision } = await this.brandings.read(this.db, tenantId);
    return {
      own: { ...own, logo: own.logo !== null },
      effective: viewOf(effective),
      inherited: viewOf(inherited),
      revision,
    };
  }

  /** @throws ProblemError `branding-refused`, `changed-meanwhile` */
  async save(tenantId: string, { logo, revision, ...words }: BrandingInput, actor: Actor): Promise<Branding> {
    const before = await this.brandings.read(this.db, tenantId);
    const wanted: OwnBrand = { ...words, logo: logoAfter(before.own.logo, logo) };
    refuseUnreadable(words.accent);
    await this.db.transaction(async (uow) => {
      if (!(await this.brandings.save(uow, tenantId, wanted, revision))) throw new ProblemError('changed-meanwhile');
      await Audit.record(uow, {
        ...entryOf(tenantId, actor),
        action: 'mail-branding.updated',
        changes: changesOf(before.own, wanted),
      });
    });
    return this.read(tenantId);
  }

  async reset(tenantId: string, actor: Actor): Promise<void> {
    await this.db.transaction(async (uow) => {
      if (await this.brandings.reset(uow, tenantId))
        await Audit.record(uow, { ...entryOf(tenantId, actor), action: 'mail-branding.reset' });
    });
  }
}

const entryOf = (tenantId: string, actor: Actor) => ({
  ...actor,
  tenantId,
  entity: { type: 'mail-branding', id: null, name: '' } as const,
});

/** A picture is said to be there or not: its bytes are of no use in a log. */
const changesOf = (before: OwnBrand, after: OwnBrand) =>
  (['productName', 'accent', 'header', 'logo'] as const)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: shown(before[field]), after: shown(after[field]) }));

const shown = (value: string | BrandLogo | null): string | null =>
  value === null || typeof value === 'string' ? value : `${value.mediaType}, ${value.base64.length} characters`;

function viewOf(brand: Brand): BrandView {
  const { accent, onAccent, header, onHeader } = coloursOf(brand);
  const { logo } = brand;
  const picture = logo === null ? null : { dataUri: dataUriOf(logo), width: logo.width, height: logo.height };
  return { productName: brand.productName, accent, onAccent, header, onHeader, logo: picture };
}

function refuseUnreadable(accent: string | null): void {
  if (accent === null) return;
  const ratio = contrast(accent, LIGHT_CARD);
  if (ratio >= LEAST_CONTRAST) return;
  throw refused(
    '/accent',
    `Links in this colour cannot be read on white: the contrast is ${ratio.toFixed(1)}, it takes ${LEAST_CONTRAST}. ${readableOn(accent, LIGHT_CARD)} is the nearest shade that can.`,
  );
}

function logoAfter(before: BrandLogo | null, change: BrandingInput['logo']): BrandLogo | null {
  if (change.change === 'keep') return before;
  if (change.change === 'clear') return null;
  const bytes = Buffer.from(change.base64.replace(/^data:[^,]{0,60},/, ''), 'base64');
  if (bytes.length > MAX_LOGO_BYTES)
    throw refused('/logo', `The picture has ${bytes.length} bytes; mails carry at most ${MAX_LOGO_BYTES}.`);
  const picture = readLogo(bytes);
  if (picture === null)
    throw refused(
      '/logo',
      'This is no PNG, JPEG or GIF of up to 4000 × 4000 pixels. Mail programs do not show others.',
    );
  return { mediaType: picture.mediaType, base64: bytes.toString('base64'), ...shownSize(picture) };
}

const refused = (pointer: string, message: string): ProblemError => {
  const errors: ProblemFieldError[] = [{ pointer, message }];
  return new ProblemError('branding-refused', { errors });
};
