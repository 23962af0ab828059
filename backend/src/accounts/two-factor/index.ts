import { LostFactorController } from './lost-factor.controller.js';
import { OwnTwoFactor } from './own-two-factor.js';
import { PendingCookie } from './pending-cookie.js';
import { PendingSignIns } from './pending-sign-ins.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactorGate } from './second-factor-gate.js';
import { SecondFactorLimits } from './second-factor-limits.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SignInPolicies } from './sign-in-policies.js';
import { SignInPolicyController } from './sign-in-policy.controller.js';
import { TwoFactorController } from './two-factor.controller.js';
import { TwoFactorNews } from './two-factor-news.js';
import { TwoFactors } from './two-factors.js';

export { SecondFactorGate, SignInPolicies };

/** For the module of the room. */
export const TWO_FACTOR = {
  controllers: [LostFactorController, SecondFactorController, SignInPolicyController, TwoFactorController],
  providers: [
    OwnTwoFactor,
    PendingCookie,
    PendingSignIns,
    RecoveryCodes,
    SecondFactorGate,
    SecondFactorLimits,
    SignInPolicies,
    TwoFactorNews,
    TwoFactors,
  ],
};
