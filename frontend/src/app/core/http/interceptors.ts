import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { catchError, throwError } from 'rxjs';
import { SessionStore } from '../session/session-store';
import { problemOf } from './api-problem';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A write by cookie carries a header that no foreign form can set (DESIGN: SameSite=Lax plus a custom header). */
export const writeHeader: HttpInterceptorFn = (request, next) =>
  next(READS.has(request.method) ? request : request.clone({ setHeaders: { 'X-Requested-With': 'signalpost' } }));

/** Turns every failed call into an ApiProblem. */
export const problems: HttpInterceptorFn = (request, next) => {
  const transloco = inject(TranslocoService);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse)) return throwError(() => error);
      return throwError(() =>
        problemOf(error, (code) => ({
          title: transloco.translate('problem.' + code + '.title'),
          detail: transloco.translate('problem.' + code + '.detail', { status: error.status }),
          advice: transloco.translate('problem.' + code + '.advice'),
        })),
      );
    }),
  );
};

/** A session that ended elsewhere leads to the sign-in page, and from there back to where the person was. */
export const signedOut: HttpInterceptorFn = (request, next) => {
  const session = inject(SessionStore);
  const router = inject(Router);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (error instanceof HttpErrorResponse && error.status === 401 && session.current()) {
        session.forget();
        void router.navigate(['/sign-in'], { queryParams: { returnUrl: router.url } });
      }
      return throwError(() => error);
    }),
  );
};
