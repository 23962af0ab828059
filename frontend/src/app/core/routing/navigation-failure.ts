import { inject } from '@angular/core';
import { type NavigationError, RedirectCommand, Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { ApiProblem } from '../http/api-problem';

/** A page that cannot begin leads to the page that says why; the address stays, so that a reload tries it again. */
export function toUnreachable(failure: NavigationError): RedirectCommand {
  const target = inject(Router).parseUrl('/unreachable');
  const info = failure.error instanceof ApiProblem ? failure.error : missingPart(inject(TranslocoService));
  return new RedirectCommand(target, { browserUrl: failure.url, info });
}

/** A part of the application did not load: mostly the server is gone, or has a newer version since. */
function missingPart(transloco: TranslocoService): ApiProblem {
  return new ApiProblem({
    code: 'unexpected',
    title: transloco.translate('problem.missingPart.title'),
    detail: '',
    advice: transloco.translate('problem.missingPart.advice'),
    status: 0,
    retryable: true,
    errors: [],
  });
}
