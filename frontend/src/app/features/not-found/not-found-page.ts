import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EmptyState } from '../../ui/state/empty-state';

@Component({
  selector: 'sp-not-found-page',
  imports: [EmptyState, MatButton, RouterLink, TranslocoPipe],
  template: `
    <sp-empty-state
      icon="search"
      [page]="true"
      [heading]="'notFound.title' | transloco"
      [text]="'notFound.text' | transloco"
    >
      <a matButton="filled" routerLink="/">{{ 'notFound.home' | transloco }}</a>
    </sp-empty-state>
  `,
  styles: `
    :host {
      display: block;
      padding-top: 12vh;
    }
  `,
})
export class NotFoundPage {}
