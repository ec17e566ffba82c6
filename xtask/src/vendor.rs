//! Copies the chosen files of the front-end packages into `assets/vendor/`, each held against its SHA-256.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// `assets/vendor.toml`.
#[derive(Deserialize)]
struct Manifest {
    file: Vec<File>,
    sprite: Sprite,
}

#[derive(Deserialize)]
struct File {
    from: String,
    to: String,
    sha256: String,
}

#[derive(Deserialize)]
struct Sprite {
    from: String,
    to: String,
    sha256: String,
    icons: Vec<String>,
}

/// True when every file is already there with its sum, so that nothing needs doing.
pub(crate) fn is_current(assets: &Path) -> Result<bool> {
    let manifest = manifest(assets)?;
    let expected = manifest
        .file
        .iter()
        .map(|file| (&file.to, &file.sha256))
        .chain([(&manifest.sprite.to, &manifest.sprite.sha256)]);
    for (name, sum) in expected {
        match fs::read(assets.join("vendor").join(name)) {
            Ok(bytes) if sha256(&bytes) == *sum => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Copies every file; none is written when one sum is wrong.
pub(crate) fn copy(assets: &Path) -> Result<usize> {
    let manifest = manifest(assets)?;
    let packages = assets.join("node_modules");
    let mut files = Vec::new();
    let mut wrong = Vec::new();
    for file in &manifest.file {
        let path = packages.join(&file.from);
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        files.push((&file.to, &file.sha256, bytes));
    }
    files.push((
        &manifest.sprite.to,
        &manifest.sprite.sha256,
        sprite(&packages, &manifest.sprite)?.into_bytes(),
    ));
    for (name, sum, bytes) in &files {
        let found = sha256(bytes);
        if found != **sum {
            wrong.push(format!("  {name}: {found}"));
        }
    }
    if !wrong.is_empty() {
        bail!(
            "these files differ from their sums in assets/vendor.toml; if you changed the packages or the icon \
             list, put in the sums found:\n{}",
            wrong.join("\n")
        );
    }
    let vendor = assets.join("vendor");
    fs::create_dir_all(&vendor).with_context(|| format!("{} cannot be made", vendor.display()))?;
    for (name, _, bytes) in &files {
        let path = vendor.join(name);
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(files.len())
}

fn manifest(assets: &Path) -> Result<Manifest> {
    let path = assets.join("vendor.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
}

/// Puts the chosen icons into one SVG. The stroke settings move onto each symbol, where `<use>` takes them from.
fn sprite(packages: &Path, sprite: &Sprite) -> Result<String> {
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    for icon in &sprite.icons {
        let path = packages.join(&sprite.from).join(format!("{icon}.svg"));
        let text =
            fs::read_to_string(&path).with_context(|| format!("there is no icon at {}", path.display()))?;
        svg.push_str(
            &symbol(icon, &text).with_context(|| format!("{} is not a plain icon", path.display()))?,
        );
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn symbol(icon: &str, text: &str) -> Result<String> {
    let open = text.find("<svg").context("there is no <svg>")?;
    let start = open + text[open..].find('>').context("<svg> does not end")? + 1;
    let end = text.rfind("</svg>").context("there is no </svg>")?;
    let shapes: String =
        text[start..end].split_whitespace().collect::<Vec<_>>().join(" ").replace(" />", "/>");
    Ok(format!(
        "<symbol id=\"{icon}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\">{}</symbol>\n",
        shapes.replace("> <", "><")
    ))
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_becomes_a_symbol_that_keeps_its_shapes() {
        let text = "<!-- licence -->\n<svg\n  width=\"24\"\n>\n  <path d=\"M9 17h6\" />\n  <circle cx=\"7\" r=\"2\" />\n</svg>\n";
        let found = symbol("car", text).unwrap();
        assert!(found.starts_with("<symbol id=\"car\" viewBox=\"0 0 24 24\""), "{found}");
        assert!(found.contains("><path d=\"M9 17h6\"/><circle cx=\"7\" r=\"2\"/></symbol>"), "{found}");
        assert!(symbol("none", "no drawing here").is_err());
    }

    #[test]
    fn a_sum_is_the_published_one() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_file_that_differs_from_its_sum_is_not_copied() {
        let assets = std::env::temp_dir().join(format!("anpei-vendor-{}", std::process::id()));
        fs::create_dir_all(assets.join("node_modules/icons")).unwrap();
        fs::write(assets.join("node_modules/a.css"), "a{}").unwrap();
        fs::write(
            assets.join("vendor.toml"),
            "[[file]]\nfrom='a.css'\nto='a.css'\nsha256='00'\n[sprite]\nfrom='icons'\nto='i.svg'\nsha256='00'\nicons=[]\n",
        )
        .unwrap();
        let error = copy(&assets).unwrap_err().to_string();
        assert!(error.contains("a.css: ") && error.contains("i.svg: "), "{error}");
        assert!(!assets.join("vendor").exists());
        assert!(!is_current(&assets).unwrap());
        fs::remove_dir_all(assets).unwrap();
    }
}
