//! Files in a bucket of a store that speaks S3: `PREFIX/ab/cdef…`.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use journal::Unavailable;
use lexicon::{BlobId, Moment};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};
use tokio::runtime::{Builder, Runtime};

use super::place::BucketUrl;
use super::{Listed, address, is_address};

/// Larger files are sent in parts of this size.
const PART: usize = 8 << 20;
/// A request is tried so often,
const TRIES: usize = 4;
/// and not again after so long.
const TRYING_MAX: Duration = Duration::from_secs(30);
/// An answer is waited for so long, to its last byte.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A bucket of files.
pub(crate) struct Bucket {
    store: AmazonS3,
    url: BucketUrl,
    /// Drives the requests; whoever asks waits. Taken when it ends.
    runtime: Option<Runtime>,
}

impl Bucket {
    /// The bucket at `url`. Nothing is asked of it yet.
    pub(crate) fn open(url: &BucketUrl) -> Result<Bucket, String> {
        let retry = RetryConfig {
            backoff: BackoffConfig { max_backoff: Duration::from_secs(5), ..BackoffConfig::default() },
            max_retries: TRIES - 1,
            retry_timeout: TRYING_MAX,
        };
        let is_plain = url.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(ANSWER_MAX)
            .with_allow_http(is_plain);
        let mut builder = match url.unsigned {
            true => AmazonS3Builder::new().with_skip_signature(true),
            false => AmazonS3Builder::from_env(),
        };
        builder = builder.with_bucket_name(&url.bucket).with_retry(retry).with_client_options(client);
        if let Some(endpoint) = &url.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &url.region {
            builder = builder.with_region(region);
        }
        let store = builder.build().map_err(|error| error.to_string())?;
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("store-bucket").enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        Ok(Bucket { store, url: url.clone(), runtime: Some(runtime) })
    }

    /// Keeps `bytes`; the store has just taken them when this answers. Their name stands for them, so it makes no difference how often
    /// they are sent.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<BlobId, Unavailable> {
        let id = address(bytes);
        let path = self.path(&id);
        let kept = self.wait(async {
            match bytes.len() > PART {
                true => self.put_parts(&id, &path, bytes).await,
                false => self.store.put(&path, PutPayload::from(bytes.to_vec())).await.map(drop),
            }
        });
        kept.map_err(|error| self.unavailable("a file cannot be kept", &error))?;
        Ok(id)
    }

    async fn put_parts(&self, id: &BlobId, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let mut upload = self.store.put_multipart(path).await?;
        let mut is_sent = false;
        let put = async {
            for part in bytes.chunks(PART) {
                upload.put_part(PutPayload::from(part.to_vec())).await?;
            }
            is_sent = true;
            upload.complete().await
        };
        let Err(error) = put.await else { return Ok(()) };
        // Perhaps only the answer was lost: a store that has made a file of the parts knows nothing of them any more.
        if is_sent && matches!(self.read(path).await, Ok(Some(found)) if address(&found) == *id) {
            return Ok(());
        }
        // Parts that nobody completes cost room; the first error is the one to tell.
        let _ = upload.abort().await;
        Err(error)
    }

    /// The bytes kept as `id`, if they still are what they were.
    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        if !is_address(id) {
            return Ok(None);
        }
        match self.wait(self.read(&self.path(id))) {
            Ok(Some(bytes)) if address(&bytes) == *id => Ok(Some(bytes)),
            Ok(Some(_)) => Err(Unavailable(format!("file {id} was altered in {}", self.url))),
            Ok(None) => Ok(None),
            Err(error) => Err(self.unavailable("a file cannot be read", &error)),
        }
    }

    async fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        match self.store.get(path).await {
            // Of a bucket that is missing nothing is known; it is not that there is no such file.
            Err(Error::NotFound { source, .. }) if !source.to_string().contains("NoSuchBucket") => Ok(None),
            got => Ok(Some(got?.bytes().await?.to_vec())),
        }
    }

    /// Every file with its size and time.
    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Unavailable> {
        let prefix = (!self.url.prefix.is_empty()).then(|| Path::from(self.url.prefix.as_str()));
        let listed = self.wait(async {
            let objects = self.store.list(prefix.as_ref());
            let listed = objects.map_ok(|object| {
                let mut parts = object.location.parts().collect::<Vec<_>>().into_iter().rev();
                let (rest, folder) = (parts.next()?, parts.next()?);
                let id = format!("{}{}", folder.as_ref(), rest.as_ref()).parse::<BlobId>().ok()?;
                let at = Moment::from_micros(object.last_modified.timestamp_micros());
                // What others keep in the bucket is none of ours.
                let is_ours = is_address(&id) && self.path(&id) == object.location;
                is_ours.then_some(Listed { id, bytes: object.size, at })
            });
            let listed: Vec<Option<Listed>> = listed.boxed().try_collect().await?;
            Ok(listed.into_iter().flatten().collect())
        });
        listed.map_err(|error| self.unavailable("the files cannot be listed", &error))
    }

    /// Removes a file; one that is not there is gone already.
    pub(crate) fn delete(&self, id: &BlobId) -> Result<(), Unavailable> {
        if !is_address(id) {
            return Ok(());
        }
        let path = self.path(id);
        let deleted = self.wait(self.store.delete(&path));
        deleted.map_err(|error| self.unavailable("a file cannot be removed", &error))
    }

    /// Where `id`, an address, is kept.
    fn path(&self, id: &BlobId) -> Path {
        let (folder, rest) = id.as_str().split_at(2);
        Path::from(format!("{}/{folder}/{rest}", self.url.prefix))
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.as_ref().expect("it is taken at the end alone").block_on(work)
    }

    /// In one line, with what the operator can do.
    fn unavailable(&self, what: &str, error: &Error) -> Unavailable {
        // Libraries like several lines.
        let told = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let says = |texts: &[&str]| texts.iter().any(|text| told.contains(text));
        // The kind of error tells it only for some requests, the text for all. Without credentials the machine is asked for its role.
        let hint =
            if says(&["status code: 401", "status code: 403", "/latest/api/token", "/latest/meta-data"]) {
                "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do there"
            } else if says(&["status code: 404"]) {
                "check that the bucket exists"
            } else {
                "check that the store of files can be reached"
            };
        let told: String = told.chars().take(300).collect();
        Unavailable(format!("{what} in {}: {told}; {hint}", self.url))
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // Whoever lets go may be a task, which must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
