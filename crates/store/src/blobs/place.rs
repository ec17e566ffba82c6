//! Where files can be kept, as one line of text.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A place for files: a folder, or a bucket of a store that speaks S3. As text it holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesPlace {
    /// A folder. A relative one is in the data folder.
    Folder(PathBuf),
    /// A bucket.
    Bucket(BucketUrl),
}

/// `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`. The credentials come from the environment, as `AWS_ACCESS_KEY_ID` and
/// `AWS_SECRET_ACCESS_KEY`, or from the machine's role; with `access=unsigned` there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUrl {
    pub(super) bucket: String,
    /// Without slashes at its ends; empty for the whole bucket.
    pub(super) prefix: String,
    /// Where the store is; without one it is that of the region.
    pub(super) endpoint: Option<String>,
    pub(super) region: Option<String>,
    pub(super) unsigned: bool,
}

/// The text names no place for files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilesPlace {
    /// Not a URL of that kind.
    #[error("a bucket is named as s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME")]
    Form,
    /// A part of it that is not known.
    #[error("`{0}` means nothing in the URL of a bucket; known are endpoint, region, access=unsigned")]
    Unknown(String),
    /// It holds what must not be written down.
    #[error(
        "credentials do not belong into the URL of a bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    Secret,
    /// There is another kind of URL.
    #[error("files are kept in a folder, or in a bucket named as s3://BUCKET/PREFIX")]
    Kind,
}

impl FromStr for FilesPlace {
    type Err = BadFilesPlace;

    fn from_str(text: &str) -> Result<FilesPlace, BadFilesPlace> {
        match text.split_once("://") {
            Some(("s3", rest)) => rest.parse().map(FilesPlace::Bucket),
            Some(_) => Err(BadFilesPlace::Kind),
            None if text.is_empty() => Err(BadFilesPlace::Kind),
            None => Ok(FilesPlace::Folder(text.into())),
        }
    }
}

impl FromStr for BucketUrl {
    type Err = BadFilesPlace;

    /// What stands behind `s3://`.
    fn from_str(text: &str) -> Result<BucketUrl, BadFilesPlace> {
        let (place, query) = text.split_once('?').unwrap_or((text, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.contains('@') {
            return Err(BadFilesPlace::Secret);
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let prefix = prefix.trim_matches('/');
        let is_named = !bucket.is_empty() && bucket.bytes().all(fits);
        if !is_named || !prefix.bytes().all(|byte| fits(byte) || byte == b'/') || prefix.contains("//") {
            return Err(BadFilesPlace::Form);
        }
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        let mut url = BucketUrl { bucket, prefix, endpoint: None, region: None, unsigned: false };
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("endpoint", value)) if value.starts_with("http") && !value.contains('@') => {
                    url.endpoint = Some(value.trim_end_matches('/').to_owned());
                }
                Some(("region", value)) if !value.is_empty() => url.region = Some(value.to_owned()),
                Some(("access", "unsigned")) => url.unsigned = true,
                _ => return Err(BadFilesPlace::Unknown(part.split('=').next().unwrap_or(part).to_owned())),
            }
        }
        Ok(url)
    }
}

impl fmt::Display for FilesPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilesPlace::Folder(path) => write!(f, "{}", path.display()),
            FilesPlace::Bucket(url) => write!(f, "{url}"),
        }
    }
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)?;
        let endpoint = self.endpoint.as_ref().map(|endpoint| format!("endpoint={endpoint}"));
        let region = self.region.as_ref().map(|region| format!("region={region}"));
        let access = self.unsigned.then(|| "access=unsigned".to_owned());
        let parts: Vec<_> = [endpoint, region, access].into_iter().flatten().collect();
        if parts.is_empty() { Ok(()) } else { write!(f, "?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_written_the_same() {
        for text in [
            "blobs",
            "/srv/files",
            "s3://claims/",
            "s3://claims/anpei/files",
            "s3://claims/a?endpoint=https://objects.example.com:9000&region=cn-north-1",
            "s3://claims/?endpoint=http://127.0.0.1:9000&access=unsigned",
        ] {
            assert_eq!(text.parse::<FilesPlace>().map(|place| place.to_string()).as_deref(), Ok(text));
        }
        for (text, problem) in [
            ("", BadFilesPlace::Kind),
            ("https://objects.example.com/claims", BadFilesPlace::Kind),
            ("s3:///prefix", BadFilesPlace::Form),
            ("s3://claims/a b", BadFilesPlace::Form),
            ("s3://claims/a//b", BadFilesPlace::Form),
            ("s3://key:secret@claims/a", BadFilesPlace::Secret),
            ("s3://claims/a?secret=x", BadFilesPlace::Unknown("secret".to_owned())),
        ] {
            assert_eq!(text.parse::<FilesPlace>(), Err(problem), "{text}");
        }
    }
}
