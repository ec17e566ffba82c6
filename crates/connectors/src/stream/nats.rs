//! NATS JetStream.
//!
//! The stream is made when it is missing and left as it is when it is there: how long it keeps messages is the operator's to say. Each
//! message carries its id, by which the server drops repeats within [`DUPLICATE_WINDOW`], and the position that it tells of.

use std::time::Duration;

use app::ports::{EventStream, EventStreamError, Published};
use async_nats::ConnectOptions;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, Stream};
use async_nats::jetstream::{self, Context};
use journal::BoxFuture;

/// Name of the stream.
pub const STREAM: &str = "ANPEI";
/// What it takes.
const SUBJECTS: &str = "anpei.>";
/// The server knows a repeat by its id for so long, unless the stream says otherwise.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);
/// Where a message says which position it tells of.
const POSITION: &str = "Anpei-Position";
/// How long the server may take to acknowledge.
const ACK_MAX: Duration = Duration::from_secs(5);

/// A stream of NATS JetStream.
pub struct NatsStream {
    context: Context,
    duplicate_window: Duration,
}

/// The address of the server cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`nats://host:4222` or `tls://host:4222` is wanted: {0}")]
pub struct BadAddress(String);

impl NatsStream {
    /// The stream of the server at `url`. It need not be there yet: it is looked for until it is.
    pub async fn connect(url: &str) -> Result<NatsStream, BadAddress> {
        let options = ConnectOptions::new().name("anpei").retry_on_initial_connect();
        let client = options.connect(url).await.map_err(|problem| BadAddress(problem.to_string()))?;
        let context =
            jetstream::context::ContextBuilder::new().timeout(ACK_MAX).ack_timeout(ACK_MAX).build(client);
        Ok(NatsStream { context, duplicate_window: DUPLICATE_WINDOW })
    }

    /// The same; where the stream is made, its server knows a repeat for so long.
    pub fn knowing_repeats_for(self, duplicate_window: Duration) -> NatsStream {
        NatsStream { duplicate_window, ..self }
    }

    async fn stream(&self) -> Result<Stream, EventStreamError> {
        let config = Config {
            name: STREAM.to_owned(),
            subjects: vec![SUBJECTS.to_owned()],
            duplicate_window: self.duplicate_window,
            ..Config::default()
        };
        self.context.get_or_create_stream(config).await.map_err(unavailable)
    }

    async fn last_position(&self) -> Result<Option<u64>, EventStreamError> {
        let mut stream = self.stream().await?;
        let info = stream.info().await.map_err(unavailable)?;
        let (state, config) = (&info.state, &info.config);
        if state.messages == 0 {
            let forgets = !config.max_age.is_zero() || config.max_messages > 0 || config.max_bytes > 0;
            // A stream that forgets may have forgotten; any other that is empty was emptied.
            return Ok(if forgets && state.last_sequence > 0 { None } else { Some(0) });
        }
        let last = state.last_sequence;
        let message = stream.get_raw_message(last).await.map_err(unavailable)?;
        Ok(message.headers.get(POSITION).and_then(|position| position.as_str().parse().ok()))
    }

    async fn publish_all(&self, messages: Vec<Published>) -> Result<(), EventStreamError> {
        let mut acknowledged = Vec::with_capacity(messages.len());
        for message in messages {
            let publish = PublishMessage::build()
                .message_id(&message.id)
                .header(POSITION, message.position.to_string())
                .header("Content-Type", app::outside::CloudEvent::MEDIA_TYPE)
                .payload(message.body.into());
            acknowledged
                .push(self.context.send_publish(message.subject, publish).await.map_err(unavailable)?);
        }
        let mut repeats = false;
        for acknowledgement in acknowledged {
            repeats |= acknowledgement.await.map_err(unavailable)?.duplicate;
        }
        // A server goes on knowing ids for a while after its stream was emptied, and drops what would fill it again.
        if repeats && self.stream().await?.info().await.map_err(unavailable)?.state.messages == 0 {
            return Err(unavailable("it was emptied, and still knows the ids of what it had"));
        }
        Ok(())
    }
}

impl EventStream for NatsStream {
    fn last(&self) -> BoxFuture<'_, Result<Option<u64>, EventStreamError>> {
        Box::pin(self.last_position())
    }

    fn publish(&self, messages: Vec<Published>) -> BoxFuture<'_, Result<(), EventStreamError>> {
        Box::pin(self.publish_all(messages))
    }
}

fn unavailable(problem: impl std::fmt::Display) -> EventStreamError {
    EventStreamError(problem.to_string())
}
