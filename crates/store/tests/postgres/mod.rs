//! What a store goes through on a server: several nodes, lost connections, other releases, schemas.

mod erasing;
mod lost;
mod migrations;
mod nodes;
mod opening;
mod order;
mod proxy;
mod releases;
mod restart;
mod tls;
