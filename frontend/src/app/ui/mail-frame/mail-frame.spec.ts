import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { MailFrame } from './mail-frame';

it('shows a mail in a frame that may do nothing', async () => {
  const fixture = TestBed.createComponent(MailFrame);
  fixture.componentRef.setInput('html', '<p style="color:red">Hot</p><script>alert(1)</script>');
  fixture.componentRef.setInput('name', 'Mail: Hot');
  await fixture.whenStable();
  const frame = (fixture.nativeElement as HTMLElement).querySelector('iframe'); // typed `any` by TestBed
  expect(frame?.getAttribute('sandbox')).toBe('');
  expect(frame?.getAttribute('title')).toBe('Mail: Hot');
  expect(frame?.srcdoc).toContain("default-src 'none'");
  expect(frame?.srcdoc).toContain('<p style="color:red">Hot</p>');
});
