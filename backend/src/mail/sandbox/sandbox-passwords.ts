import { timingSafeEqual } from 'node:crypto';

import type { SecretBox } from '../../secrets/index.js';

/** Passwords of the sandbox: the user is the tenant, the password follows from the secret key; nothing is stored. */
export class SandboxPasswords {
  constructor(private readonly secrets: SecretBox) {}

  of(tenantId: string): string {
    return this.secrets.derive(purpose(tenantId))[0];
  }

  /** Also of an older key, while keys are being exchanged. */
  fits(tenantId: string, password: string): boolean {
    return this.secrets
      .derive(purpose(tenantId))
      .some(
        (expected) =>
          expected.length === password.length && timingSafeEqual(Buffer.from(expected), Buffer.from(password)),
      );
  }
}

const purpose = (tenantId: string): string => `sandbox smtp ${tenantId}`;
