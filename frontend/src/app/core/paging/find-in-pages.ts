import { ApiProblem } from '../http/api-problem';
import type { PageLoader } from './paged-list';

/** Beyond so many pages a thing is taken for gone: who follows a link means something recent. */
const MOST_PAGES = 10;

/** What the server would say of a thing that is not there. */
export function gone(title: string, advice: string): ApiProblem {
  return new ApiProblem({ code: 'not-found', title, detail: '', advice, status: 404, retryable: false, errors: [] });
}

/** Looks through a list for one thing, for kinds that the API cannot read by their id. Throws an ApiProblem when it is not there. */
export async function findInPages<T>(
  load: PageLoader<T>,
  wanted: (item: T) => boolean,
  otherwise: ApiProblem,
): Promise<T> {
  let cursor: string | undefined;
  for (let read = 0; read < MOST_PAGES; read++) {
    const page = await load(cursor);
    const found = page.items.find(wanted);
    if (found !== undefined) return found;
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  throw otherwise;
}
