import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import { DEFAULT_BRAND, type Brand, type BrandLogo } from './brand.js';

/** What one scope has set; null: as the scope above has it. */
export interface OwnBrand {
  readonly productName: string | null;
  readonly accent: string | null;
  readonly header: string | null;
  readonly logo: BrandLogo | null;
}

export interface StoredBrand {
  readonly own: OwnBrand;
  /** Grows with each change; 0: nothing is set. */
  readonly revision: number;
  /** What holds where nothing is set here. */
  readonly inherited: Brand;
  readonly effective: Brand;
}

interface BrandRow {
  readonly tenant_id: string;
  readonly product_name: string | null;
  readonly accent: string | null;
  readonly header: string | null;
  readonly logo: Buffer | null;
  readonly logo_type: BrandLogo['mediaType'] | null;
  readonly logo_width: number | null;
  readonly logo_height: number | null;
  readonly revision: number;
}

const NOTHING: OwnBrand = { productName: null, accent: null, header: null, logo: null };

/** The one writer of `branding`: what the system's mails look like. */
export class Brandings {
  async read(db: Queryable, tenantId: string): Promise<StoredBrand> {
    const rows = await db.query<BrandRow>('SELECT * FROM branding WHERE tenant_id IN ($1, $2)', [
      tenantId,
      SYSTEM_TENANT_ID,
    ]);
    const of = (id: string) => rows.find((row) => row.tenant_id === id);
    const own = of(tenantId);
    const inherited = tenantId === SYSTEM_TENANT_ID ? DEFAULT_BRAND : over(DEFAULT_BRAND, ownOf(of(SYSTEM_TENANT_ID)));
    return { own: ownOf(own), revision: own?.revision ?? 0, inherited, effective: over(inherited, ownOf(own)) };
  }

  /** @param revision that the change was made on. @returns false when another one is stored by now */
  async save(uow: UnitOfWork, tenantId: string, brand: OwnBrand, revision: number): Promise<boolean> {
    const { productName, accent, header, logo } = brand;
    const picture = logo === null ? null : Buffer.from(logo.base64, 'base64');
    const values = [
      productName,
      accent,
      header,
      picture,
      logo?.mediaType ?? null,
      logo?.width ?? null,
      logo?.height ?? null,
    ];
    const rows = await uow.query(SAVE, [tenantId, ...values, revision]);
    return rows.length > 0;
  }

  /** @returns whether anything was set */
  async reset(uow: UnitOfWork, tenantId: string): Promise<boolean> {
    return (await uow.query('DELETE FROM branding WHERE tenant_id = $1 RETURNING tenant_id', [tenantId])).length > 0;
  }
}

const SAVE = `
  INSERT INTO branding AS b (tenant_id, product_name, accent, header, logo, logo_type, logo_width, logo_height)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $9 = 0 OR EXISTS (SELECT 1 FROM branding WHERE tenant_id = $1)
  ON CONFLICT (tenant_id) DO UPDATE SET product_name = EXCLUDED.product_name, accent = EXCLUDED.accent, header = EXCLUDED.header,
    logo = EXCLUDED.logo, logo_type = EXCLUDED.logo_type, logo_width = EXCLUDED.logo_width, logo_height = EXCLUDED.logo_height,
    revision = b.revision + 1, updated_at = now()
  WHERE b.revision = $9
  RETURNING revision`;

function ownOf(row: BrandRow | undefined): OwnBrand {
  if (row === undefined) return NOTHING;
  const { product_name: productName, accent, header } = row;
  return { productName, accent, header, logo: logoOf(row) };
}

function logoOf({ logo, logo_type: mediaType, logo_width: width, logo_height: height }: BrandRow): BrandLogo | null {
  if (logo === null || mediaType === null || width === null || height === null) return null;
  return { mediaType, base64: logo.toString('base64'), width, height };
}

/** A name of its own takes the place of a logo from above, which would show another name. */
function over(above: Brand, own: OwnBrand): Brand {
  return {
    productName: own.productName ?? above.productName,
    accent: own.accent ?? above.accent,
    header: own.header ?? above.header,
    logo: own.logo ?? (own.productName === null ? above.logo : null),
  };
}
