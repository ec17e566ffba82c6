//! What operators see of a running process: log lines, figures for Prometheus, traces for OpenTelemetry, and what stands on `/debug`.
//!
//! # Invariants
//!
//! - **Nothing personal**: ids, codes, routes and counts only, in every one of them.
//! - **Looking changes nothing and waits for nobody**: no request, commit or reaction is held up by being watched.
//! - What a figure is called stands once, in [`figures`], and is held against the documentation, the dashboard and the alerts.

pub(crate) mod faults;
pub(crate) mod figures;
mod gather;
mod inside;
mod machine;
pub(crate) mod ports;
mod requests;
pub(crate) mod slow;
#[cfg(test)]
mod tests;
pub(crate) mod traces;

use std::time::Duration;

use anyhow::Result;

pub(crate) use gather::{Gather, REACTOR, Watched};
pub(crate) use inside::Workings;
pub(crate) use requests::{UnderWay, request};
pub use traces::Traces;

use crate::config::Config;
use crate::log;

/// What is watched beside requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Observe {
    /// Where traces go, if anywhere.
    pub traces: Option<Traces>,
    /// A statement of the store that takes longer is told in the log.
    pub slow_statement: Duration,
    /// A use case that takes longer is told in the log.
    pub slow_use_case: Duration,
}

impl Default for Observe {
    fn default() -> Observe {
        Observe {
            traces: None,
            slow_statement: Duration::from_millis(200),
            slow_use_case: Duration::from_secs(1),
        }
    }
}

/// Watching while it lasts; dropped, the last spans leave.
pub(crate) struct Watching {
    _export: Option<traces::Export>,
}

/// Starts logging, and whatever else `config` wants seen. A second start in one process changes nothing.
pub(crate) fn start(config: &Config) -> Result<Watching> {
    let (spans, export) = traces::start(config.observe.traces.as_ref())?;
    if spans.is_some() {
        app::trail::told_by(traces::traceparent);
    }
    log::start(&config.log_level, config.log_format, &config.observe, spans);
    Ok(Watching { _export: export })
}
