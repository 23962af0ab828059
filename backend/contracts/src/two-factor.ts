/** The second factor of a sign-in. */
import { z } from 'zod';

import { epochMsSchema } from './basic.js';
import { roleSchema, sessionSchema } from './session.js';

/** RFC 6238 codes of an app, a code by mail, one of the codes for the worst case. */
export const secondFactorWaySchema = z.enum(['totp', 'email', 'recovery-code']).meta({ id: 'SecondFactorWay' });

export type SecondFactorWay = z.infer<typeof secondFactorWaySchema>;

export const secondFactorNeededSchema = z
  .object({
    secondFactor: z
      .object({
        ways: z.array(secondFactorWaySchema),
        enrol: z.boolean().meta({ description: 'The role needs a second factor and there is none: set one up now' }),
        email: z.string().meta({ description: 'Where a code by mail goes, shortened' }),
        expiresAt: epochMsSchema.meta({ description: 'Then the password is to be entered again' }),
      })
      .meta({ id: 'SecondFactor' }),
  })
  .meta({ id: 'SecondFactorNeeded' });

export type SecondFactorNeeded = z.infer<typeof secondFactorNeededSchema>;

/** Whoever is known by more than a password is let in at once; else `secondFactor` says what is missing. */
export const signInAnswerSchema = z.union([sessionSchema, secondFactorNeededSchema]).meta({ id: 'SignInAnswer' });

export type SignInAnswer = z.infer<typeof signInAnswerSchema>;

export const secondFactorSchema = z
  .strictObject({ way: secondFactorWaySchema, code: z.string().min(1).max(64) })
  .meta({ id: 'SecondFactorProof' });

export type SecondFactorProof = z.infer<typeof secondFactorSchema>;

export const enrolmentSchema = z
  .object({
    secret: z.string().meta({ description: 'Base32, for typing' }),
    uri: z.string().meta({ description: 'otpauth:// for authenticator apps' }),
    qr: z.string().meta({ description: 'The same as an SVG picture' }),
  })
  .meta({ id: 'TwoFactorEnrolment' });

export type Enrolment = z.infer<typeof enrolmentSchema>;

export const totpConfirmationSchema = z
  .strictObject({ code: z.string().min(1).max(16) })
  .meta({ id: 'TwoFactorConfirmation' });

export type TotpConfirmation = z.infer<typeof totpConfirmationSchema>;

export const recoveryCodesSchema = z
  .object({ recoveryCodes: z.array(z.string()) })
  .meta({ id: 'RecoveryCodes', description: 'Each works once; they are shown this one time' });

export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;

export const enrolledSchema = recoveryCodesSchema.extend({ session: sessionSchema }).meta({ id: 'EnrolledSession' });

export type Enrolled = z.infer<typeof enrolledSchema>;

export const twoFactorStateSchema = z
  .object({
    totp: z.boolean(),
    totpSince: epochMsSchema.nullable(),
    emailCodes: z.boolean(),
    recoveryCodesLeft: z.int(),
    required: z.boolean().meta({ description: 'The role needs a second factor: it cannot be switched off' }),
  })
  .meta({ id: 'TwoFactorState' });

export type TwoFactorState = z.infer<typeof twoFactorStateSchema>;

const currentPassword = z
  .string()
  .min(1)
  .max(256)
  .optional()
  .meta({ description: 'Shows that it is you; not needed by who has none' });

export const passwordProofSchema = z.strictObject({ currentPassword }).meta({ id: 'PasswordProof' });

export type PasswordProof = z.infer<typeof passwordProofSchema>;

export const emailCodesSchema = z.strictObject({ enabled: z.boolean(), currentPassword }).meta({ id: 'EmailCodes' });

export type EmailCodes = z.infer<typeof emailCodesSchema>;

const twoFactorRequiredFor = z.array(roleSchema).transform((roles) => [...new Set(roles)].sort());

export const signInPolicyInputSchema = z.strictObject({ twoFactorRequiredFor }).meta({ id: 'SignInPolicyInput' });

export type SignInPolicyInput = z.infer<typeof signInPolicyInputSchema>;

export const signInPolicySchema = z
  .object({
    twoFactorRequiredFor: z.array(roleSchema),
    inherited: z.array(roleSchema).meta({ description: 'Roles of whom the system administrator asks it everywhere' }),
    managed: z.boolean(),
  })
  .meta({ id: 'SignInPolicy' });

export type SignInPolicy = z.infer<typeof signInPolicySchema>;
