import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { DoctorStep } from '../../../core/api/models';
import { ExactPipe } from '../../../ui/time/exact.pipe';

/** What a step saw, for who wants to know: certificates, mechanisms, what is in the token, DNS records. */
@Component({
  selector: 'sp-doctor-facts',
  imports: [ExactPipe, TranslocoPipe],
  templateUrl: './doctor-facts.html',
  styleUrl: './doctor-facts.scss',
})
export class DoctorFacts {
  readonly step = input.required<DoctorStep>();
  protected readonly addresses = computed(() => {
    const step = this.step();
    return step.step === 'dns' ? (step.addresses ?? []) : [];
  });
  protected readonly tls = computed(() => {
    const step = this.step();
    return step.step === 'tls' ? (step.tls ?? null) : null;
  });
  protected readonly extensions = computed(() => {
    const step = this.step();
    return step.step === 'ehlo' ? (step.extensions ?? []) : [];
  });
  protected readonly auth = computed(() => {
    const step = this.step();
    return step.step === 'auth' ? (step.auth ?? null) : null;
  });
  protected readonly records = computed(() => {
    const step = this.step();
    return step.step === 'dns-records' ? (step.records ?? null) : null;
  });
  protected readonly any = computed(
    () =>
      this.addresses().length > 1 ||
      this.extensions().length > 0 ||
      this.tls() !== null ||
      this.auth() !== null ||
      this.records() !== null,
  );
}
