//! Files in a bucket of a store that speaks S3: `PREFIX/ab/cdef…`.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use journal::Unavailable;
use lexicon::{BlobId, Moment};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    RetryConfig,
};
use tokio::runtime::{Builder, Runtime};

use super::place::BucketUrl;
use super::{Listed, address};

/// Larger files are sent in parts of this size.
const PART: usize = 8 << 20;
/// A request is tried so often,
const TRIES: usize = 4;
/// and no longer than this.
const TRYING_MAX: Duration = Duration::from_secs(30);

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
            .with_timeout(Duration::from_secs(60))
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

    /// Keeps `bytes`; the store has them when this answers. A name that is there is not written again.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<BlobId, Unavailable> {
        let id = address(bytes);
        let path = self.path(&id);
        self.wait(async {
            if bytes.len() > PART {
                match self.store.head(&path).await {
                    Err(Error::NotFound { .. }) => self.put_parts(&path, bytes).await?,
                    found => return self.same(&id, bytes, found?.size),
                }
                return Ok(());
            }
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            match self.store.put_opts(&path, PutPayload::from(bytes.to_vec()), options).await {
                Err(Error::AlreadyExists { .. }) => {
                    let found = self.store.head(&path).await?;
                    self.same(&id, bytes, found.size)
                }
                put => Ok(put.map(drop)?),
            }
        })
        .map_err(|problem| self.unavailable("a file cannot be kept", problem))?;
        Ok(id)
    }

    async fn put_parts(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let mut upload = self.store.put_multipart(path).await?;
        let mut put = async || {
            for part in bytes.chunks(PART) {
                upload.put_part(PutPayload::from(part.to_vec())).await?;
            }
            upload.complete().await
        };
        let done = put().await;
        if done.is_err() {
            // Parts that nobody completes cost room; the first error is the one to tell.
            let _ = upload.abort().await;
        }
        done.map(drop)
    }

    /// What is there under the name must be as long as what is to be kept.
    fn same(&self, id: &BlobId, bytes: &[u8], size: u64) -> Result<(), Problem> {
        match size == bytes.len() as u64 {
            true => Ok(()),
            false => Err(Problem::Altered(id.clone())),
        }
    }

    /// The bytes kept as `id`, if they still are what they were.
    pub(crate) fn fetch(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        let path = self.path(id);
        let fetched = self.wait(async {
            match self.store.get(&path).await {
                Err(Error::NotFound { .. }) => Ok(None),
                got => Ok(Some(got?.bytes().await?)),
            }
        });
        match fetched.map_err(|problem| self.unavailable("a file cannot be read", problem))? {
            Some(bytes) if address(&bytes) == *id => Ok(Some(bytes.to_vec())),
            Some(_) => Err(Unavailable(Problem::Altered(id.clone()).told())),
            None => Ok(None),
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
                (self.path(&id) == object.location).then_some(Listed { id, bytes: object.size, at })
            });
            let listed: Vec<Option<Listed>> = listed.boxed().try_collect().await?;
            Ok(listed.into_iter().flatten().collect())
        });
        listed.map_err(|problem| self.unavailable("the files cannot be listed", problem))
    }

    /// Removes a file.
    pub(crate) fn delete(&self, id: &BlobId) -> Result<(), Unavailable> {
        let path = self.path(id);
        let deleted = self.wait(async { Ok(self.store.delete(&path).await?) });
        deleted.map_err(|problem| self.unavailable("a file cannot be removed", problem))
    }

    fn path(&self, id: &BlobId) -> Path {
        let (folder, rest) = id.as_str().split_at(id.as_str().len().min(2));
        Path::from(format!("{}/{folder}/{rest}", self.url.prefix))
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        self.runtime.as_ref().expect("it is taken at the end alone").block_on(work)
    }

    fn unavailable(&self, what: &str, problem: Problem) -> Unavailable {
        Unavailable(format!("{what} in {}: {}", self.url, problem.told()))
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

/// Why something was not done.
enum Problem {
    Store(Error),
    Altered(BlobId),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem::Store(error)
    }
}

impl Problem {
    /// In one line, with what the operator can do.
    fn told(&self) -> String {
        match self {
            Problem::Altered(id) => format!("file {id} was altered"),
            Problem::Store(error) => {
                let hint = match error {
                    Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                        "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do there"
                    }
                    Error::NotFound { .. } => "check that the bucket exists",
                    Error::NotImplemented { .. } | Error::NotSupported { .. } => {
                        "the store must know writes on condition (If-None-Match)"
                    }
                    _ => "check that the store of files can be reached",
                };
                // Libraries like several lines.
                let told = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
                let told: String = told.chars().take(300).collect();
                format!("{told}; {hint}")
            }
        }
    }
}
