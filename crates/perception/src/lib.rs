//! Looks at pictures: pixels in, findings out.
//!
//! So far it checks what people upload and makes the copy that others are shown. Start reading at [`CheckedPictures`].
//!
//! # Invariants
//!
//! - **An upload is hostile until proven**: kind by content, limits before decoding, and nothing of the file but its pixels reaches the copy.
//! - **An honest big photo passes**: a baseline JPEG is scaled down while it is decoded, so memory follows the copy, not the original.
//! - No network, no decision.

mod pictures;

pub use pictures::CheckedPictures;
