//! Style, script and icons, inside the binary. An address carries the hash of its content, so a browser may keep it for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::components::car;

static FILES: LazyLock<Vec<Asset>> = LazyLock::new(all);

/// Where every address of [`path`] begins.
pub const ROOT: &str = "/assets/";

struct Asset {
    name: &'static str,
    path: String,
    kind: &'static str,
    body: Bytes,
}

macro_rules! file {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/", $path))
    };
}

fn all() -> Vec<Asset> {
    const CSS: &str = "text/css; charset=utf-8";
    const JS: &str = "text/javascript; charset=utf-8";
    const SVG: &str = "image/svg+xml";
    let style = [
        file!("vendor/modern-normalize.css"),
        file!("css/tokens.css"),
        file!("css/base.css"),
        file!("css/shell.css"),
        file!("css/form.css"),
        file!("css/parts.css"),
        file!("css/table.css"),
        file!("css/car.css"),
        file!("css/desk.css"),
        file!("css/customer.css"),
        &car::pick_rules(),
    ]
    .concat();
    vec![
        Asset::new("anpei.css", CSS, without_comments(&style)),
        Asset::new("icons.svg", SVG, file!("vendor/icons.svg").to_owned()),
        Asset::new("mark.svg", SVG, file!("icons/mark.svg").to_owned()),
        Asset::new("live.js", JS, file!("js/live.js").to_owned()),
        Asset::new("desk.js", JS, file!("js/desk.js").to_owned()),
        Asset::new("report.js", JS, file!("js/report.js").to_owned()),
        Asset::new("position.js", JS, file!("js/position.js").to_owned()),
        Asset::new("photos.js", JS, file!("js/photos.js").to_owned()),
    ]
}

impl Asset {
    fn new(name: &'static str, kind: &'static str, body: String) -> Asset {
        let hash: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        Asset { name, path: format!("{ROOT}{stem}.{hash}.{extension}"), kind, body: Bytes::from(body) }
    }
}

/// Comments and leading blanks are for readers of the source.
fn without_comments(css: &str) -> String {
    let mut rest = css;
    let mut kept = String::with_capacity(css.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::with_capacity(kept.len()), |text, line| text + line + "\n")
}

/// The address of the file that is called `name` in the source.
pub fn path(name: &str) -> &'static str {
    FILES.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.path)
}

/// `GET /assets/{file}`
pub async fn serve(Path(file): Path<String>) -> Response {
    let Some(asset) = FILES.iter().find(|asset| asset.path.strip_prefix(ROOT) == Some(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.body.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_dropped_and_rules_are_kept() {
        assert_eq!(
            without_comments("/* a */\na {\n  b: c;\n}\n\n/* d\n e */ f {}\n"),
            "a {\nb: c;\n}\nf {}\n"
        );
    }

    #[test]
    fn an_address_names_its_content() {
        let css = path("anpei.css");
        assert!(css.starts_with("/assets/anpei.") && css.ends_with(".css") && css.len() == 30, "{css}");
        assert_eq!(path("no-such-file.js"), "");
    }
}
