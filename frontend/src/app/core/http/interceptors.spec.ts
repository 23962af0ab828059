import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { beforeEach, expect, it } from 'vitest';
import { provideTranslations } from '../i18n/translations.testing';
import { asProblem } from './api-problem';
import { problems, signedOut, writeHeader } from './interceptors';

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([problems, signedOut, writeHeader])),
      provideHttpClientTesting(),
      provideTranslations(),
    ],
  });
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('marks a %s as ours', (method) => {
  TestBed.inject(HttpClient).request(method, '/api/x').subscribe();
  const { request } = TestBed.inject(HttpTestingController).expectOne('/api/x');
  expect(request.headers.get('X-Requested-With')).toBe('signalpost');
});

it('leaves a read as it is', () => {
  TestBed.inject(HttpClient).get('/api/x').subscribe();
  const { request } = TestBed.inject(HttpTestingController).expectOne('/api/x');
  expect(request.headers.has('X-Requested-With')).toBe(false);
});

it('tells in plain words that the server cannot be reached', async () => {
  const answer = firstValueFrom(TestBed.inject(HttpClient).get('/api/x')).catch(asProblem);
  TestBed.inject(HttpTestingController).expectOne('/api/x').error(new ProgressEvent('error'));
  expect(await answer).toMatchObject({ facts: { code: 'unreachable', title: 'The server cannot be reached.' } });
});
