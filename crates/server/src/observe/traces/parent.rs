//! The header by which traces go from one process to the next: `traceparent` of W3C Trace Context, version 00.

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// Name of the header.
pub(crate) const HEADER: &str = "traceparent";

/// The span that `header` names; `None` for anything that is not well formed, so that a stranger's text goes no further.
pub(crate) fn read(header: &str) -> Option<SpanContext> {
    let lower = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let mut parts = header.split('-');
    let mut next = |digits: usize| parts.next().filter(|part| part.len() == digits).filter(lower);
    let (version, trace, span, flags) = (next(2)?, next(32)?, next(16)?, next(2)?);
    // A later version may say more behind the flags; 00 may not, and ff is none.
    if version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let trace = TraceId::from_hex(trace).ok().filter(|id| *id != TraceId::INVALID)?;
    let span = SpanId::from_hex(span).ok().filter(|id| *id != SpanId::INVALID)?;
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    Some(SpanContext::new(trace, span, flags, true, TraceState::default()))
}

/// The header that names `span`.
pub(crate) fn write(span: &SpanContext) -> String {
    format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_or_left_aside() {
        const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (header, understood) in [
            (GOOD, true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
            ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
            ("00-4bf92f3577b34da6-00f067aa0ba902b7-01", false),
            ("京A12345", false),
            ("", false),
        ] {
            assert_eq!(read(header).is_some(), understood, "{header}");
        }
        let known = read(GOOD).unwrap();
        assert!(known.is_sampled() && known.is_remote());
        assert_eq!(write(&known), GOOD);
    }
}
