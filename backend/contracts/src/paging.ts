import { z } from 'zod';

export const MAX_PAGE_SIZE = 100;

/** Query of every list: a page begins after `cursor`, which the page before gave as `nextCursor`. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
});

export type PageQuery = z.infer<typeof pageQuerySchema>;

/** @param id the name of the page's schema in openapi.json, like `DevicePage` */
export const pageOf = <T extends z.ZodType>(item: T, id: string) =>
  z
    .object({ items: z.array(item), nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }) })
    .meta({ id });

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}
