//! Streams of messages that others read at their own pace.

mod nats;

pub use nats::{BadAddress, NatsStream, STREAM};
