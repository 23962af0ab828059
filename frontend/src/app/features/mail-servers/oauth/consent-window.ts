import { DOCUMENT } from '@angular/common';
import { Injectable, inject } from '@angular/core';

const LOOK = 'popup,width=560,height=760';

/** Takes the person to the provider, in a window of its own where the browser lets us. */
@Injectable({ providedIn: 'root' })
export class ConsentWindow {
  private readonly window = inject(DOCUMENT).defaultView;

  /**
   * Opened within the click, before anything is asked: browsers block what comes later. It learns its address afterwards,
   * and forgets who opened it; the page follows the grant by itself.
   * @returns how to go on: with the provider's address, or with none (something failed)
   */
  open(): (url: string | null) => void {
    const popup = this.window?.open('about:blank', '_blank', LOOK) ?? null;
    return (url) => {
      if (url === null) popup?.close();
      else if (popup) this.send(popup, url);
      else this.here(url);
    };
  }

  /** In this tab. */
  here(url: string): void {
    this.window?.location.assign(url);
  }

  private send(popup: Window, url: string): void {
    popup.opener = null;
    popup.location.replace(url);
  }
}
