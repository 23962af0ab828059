import { IdentityProviderController } from './identity-provider.controller.js';
import { IdentityProviders } from './identity-providers.js';
import { OidcClients } from './oidc-clients.js';
import { OidcPeople } from './oidc-people.js';
import { OidcSignIns } from './oidc-sign-ins.js';
import { OidcController } from './oidc.controller.js';

export { IdentityProviders };

/** For the module of the room. */
export const OIDC = {
  controllers: [IdentityProviderController, OidcController],
  providers: [IdentityProviders, OidcClients, OidcPeople, OidcSignIns],
};
