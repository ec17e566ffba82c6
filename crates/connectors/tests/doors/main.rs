//! Doors for other systems, with the product on a store in memory on one side and receivers that behave as badly as they do outside
//! on the other.

mod house;
mod nats;
mod receiver;
mod vectors;
mod webhooks;
