//! Messages to addresses of other systems.

mod http;

pub use http::HttpHooks;
