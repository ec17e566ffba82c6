//! Tells other systems: webhooks always, a stream of NATS JetStream where one is set.

use std::sync::Arc;

use anyhow::{Context, Result};
use app::App;
use app::outside::DoorRules;
use app::work::{Deliverer, Outbox};
use connectors::{HttpHooks, NatsStream};

/// What events say of where they come from, when nobody set how people reach us.
const SOURCE: &str = "urn:anpei";

/// How other systems are told.
#[derive(Clone, Debug, Default)]
pub struct Doors {
    /// Where webhooks may go.
    pub rules: DoorRules,
    /// The server of the stream.
    pub nats: Option<String>,
    /// What events say of where they come from.
    pub source: Option<String>,
}

impl Doors {
    /// What tells webhooks.
    pub(crate) fn deliverer(&self, app: &App) -> Result<Deliverer> {
        Ok(Deliverer::new(app.clone(), Arc::new(HttpHooks::new(self.rules)?), self.source()))
    }

    /// What publishes to the stream, if one is set.
    pub(crate) async fn outbox(&self, app: &App) -> Result<Option<Outbox>> {
        let Some(url) = &self.nats else { return Ok(None) };
        // What is wrong with the address is told without repeating it: it may hold a password.
        let stream = NatsStream::connect(url).await.context("nats")?;
        Ok(Some(Outbox::new(app.clone(), Arc::new(stream), self.source())))
    }

    fn source(&self) -> &str {
        self.source.as_deref().unwrap_or(SOURCE)
    }
}
