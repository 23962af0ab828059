import { Component } from '@angular/core';

/** A post with a lamp and the waves it sends. */
@Component({
  selector: 'sp-logo',
  template: `
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#0f5f66" />
      <path d="M16 14.2v11.3" stroke="#fff" stroke-width="2.6" stroke-linecap="round" />
      <circle cx="16" cy="12" r="2.7" fill="#ff9d5c" />
      <path
        d="M10.9 16.6a6.9 6.9 0 0 1 0-9.2M21.1 7.4a6.9 6.9 0 0 1 0 9.2"
        fill="none"
        stroke="#fff"
        stroke-width="2.2"
        stroke-linecap="round"
      />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      width: 32px;
      height: 32px;
    }
    svg {
      width: 100%;
      height: 100%;
    }
  `,
})
export class Logo {}
