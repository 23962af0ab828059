import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, type TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import type { EnvironmentProviders, Provider, Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { vi } from 'vitest';
import { provideApiConfiguration } from '../core/api/api-configuration';
import { ScriptedEventSource } from '../core/events/event-source.testing';
import { OPEN_EVENT_SOURCE } from '../core/events/event-stream';
import { problems } from '../core/http/interceptors';
import { provideTranslations } from '../core/i18n/translations.testing';
import { provideIcons } from '../ui/icon/provide-icons';

/** A page as the application runs it; the test answers for the server and says its events. */
export function providePage(): (Provider | EnvironmentProviders)[] {
  ScriptedEventSource.opened = [];
  return [
    provideRouter([]),
    provideHttpClient(withInterceptors([problems])),
    provideHttpClientTesting(),
    provideApiConfiguration(''),
    provideTranslations(),
    provideIcons(),
    { provide: OPEN_EVENT_SOURCE, useValue: (url: string) => new ScriptedEventSource(url) },
  ];
}

export function open<T>(page: Type<T>, inputs: Readonly<Record<string, unknown>> = {}): ComponentFixture<T> {
  const fixture = TestBed.createComponent(page);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  fixture.autoDetectChanges();
  return fixture;
}

/** The page's next call of this address, query and all. */
export function call(url: string): Promise<TestRequest> {
  return vi.waitFor(() => TestBed.inject(HttpTestingController).expectOne(url));
}

export async function answer(url: string, body: object): Promise<void> {
  (await call(url)).flush(body);
}

/** What a person reads on it. */
export function text(fixture: ComponentFixture<unknown>): string {
  return element(fixture).textContent.replaceAll(/\s+/g, ' ');
}

export function element(fixture: ComponentFixture<unknown>): HTMLElement {
  return fixture.nativeElement as HTMLElement; // typed `any` by TestBed
}
