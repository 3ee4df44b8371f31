//! What identity providers really send, one file for each: a whole pass, twice, and the steps of a life.

mod authentik;
mod entra;
mod entra_062020;
mod jumpcloud;
mod keycloak;
mod okta_aiw;
mod okta_oin;
mod onelogin;
mod ping;
mod sailpoint;
