import { Component, computed, inject, input } from '@angular/core';
import { DomSanitizer } from '@angular/platform-browser';

/** Nothing runs, nothing is fetched; pictures only as data inside the mail. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const FRAME = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light"><style>body{margin:20px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}</style>`;

/** A mail's HTML, in a frame of its own without scripts, forms, links to elsewhere or the network. */
@Component({
  selector: 'sp-mail-frame',
  template: `<iframe sandbox="" referrerpolicy="no-referrer" [title]="name()" [srcdoc]="document()"></iframe>`,
  styles: `
    iframe {
      display: block;
      width: 100%;
      height: max(420px, calc(100dvh - 400px));
      border: 1px solid var(--sp-line);
      border-radius: 12px;
      background: #fff;
      color-scheme: light;
    }
  `,
})
export class MailFrame {
  readonly html = input.required<string>();
  /** The frame's name for screen readers. */
  readonly name = input.required<string>();
  private readonly sanitizer = inject(DomSanitizer);
  /** Trusted only because the sandbox and the policy above hold it: Angular's own sanitiser would take the mail's styles away. */
  protected readonly document = computed(() => this.sanitizer.bypassSecurityTrustHtml(FRAME + this.html()));
}
