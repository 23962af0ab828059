import { type Signal, computed, inject, resource } from '@angular/core';
import { Api } from '../../core/api/api';
import { lookAtLink } from '../../core/api/functions';
import type { LinkView } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Language } from '../../core/i18n/language';

/** What is known of the link that a page was opened with. */
export interface OpenedLink {
  readonly token: Signal<string>;
  /** Whom it is for; undefined until that is known, and for a link that is no good. */
  readonly view: Signal<LinkView | undefined>;
  readonly problem: Signal<ApiProblem | null>;
  readonly loading: Signal<boolean>;
  readonly reload: () => void;
}

/** Asks whom the link of this address is for; the page then speaks that person's language. Call it in an injection context. */
export function linkOf(token: () => string | undefined): OpenedLink {
  const api = inject(Api);
  const language = inject(Language);
  const link = resource({
    params: () => token(),
    loader: async ({ params }) => {
      const view = await api.invoke(lookAtLink, { body: { token: params } });
      await language.show(view.language);
      return view;
    },
  });
  return {
    token: computed(() => token() ?? ''),
    view: computed(() => (link.hasValue() ? link.value() : undefined)),
    problem: computed(() => (link.error() ? asProblem(link.error()) : null)),
    loading: link.isLoading,
    reload: () => link.reload(),
  };
}
