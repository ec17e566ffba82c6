//! A store of objects that speaks S3, in the process of the test, and all that can go wrong with one.
//!
//! What speaks is `s3s` with `s3s-fs`, which keeps objects as files; in front of it requests are counted, and those that a test picks
//! are refused, cut off, torn or made to wait.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures::{StreamExt, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::dto::StreamingBlob;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// The bucket that is there.
pub const BUCKET: &str = "claims";

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Put an object at once.
    Put,
    /// Begin to put one in parts.
    Begin,
    /// Put a part.
    Part,
    /// Make an object of its parts.
    Complete,
    /// Forget parts.
    Abort,
    /// Read an object.
    Get,
    /// Read what is known of one.
    Head,
    /// A page of the list.
    List,
    /// Remove objects.
    Delete,
}

impl Ask {
    /// Each kind.
    pub const ALL: [Ask; 9] = [
        Ask::Put,
        Ask::Begin,
        Ask::Part,
        Ask::Complete,
        Ask::Abort,
        Ask::Get,
        Ask::Head,
        Ask::List,
        Ask::Delete,
    ];

    fn of(request: &Request<Incoming>) -> Ask {
        let asks = |name: &str| {
            let query = request.uri().query().unwrap_or("");
            query.split('&').any(|part| part.split('=').next() == Some(name))
        };
        match *request.method() {
            Method::PUT if asks("partNumber") => Ask::Part,
            Method::PUT => Ask::Put,
            Method::POST if asks("uploads") => Ask::Begin,
            Method::POST if asks("uploadId") => Ask::Complete,
            Method::DELETE if asks("uploadId") => Ask::Abort,
            Method::POST | Method::DELETE => Ask::Delete,
            Method::HEAD => Ask::Head,
            _ if asks("list-type") => Ask::List,
            _ => Ask::Get,
        }
    }
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is refused with this status and code.
    Refused(u16, &'static str),
    /// The connection breaks before anything is done.
    Cut,
    /// Everything is done, and the connection breaks before the answer.
    Unanswered,
    /// The connection breaks in the middle of the answer.
    Torn,
    /// It waits so long first.
    Slow(Duration),
}

/// A store of objects with one bucket.
pub struct Objects {
    address: SocketAddr,
    folder: TempDir,
    front: Arc<Front>,
    is_guarded: bool,
    runtime: Option<Runtime>,
}

/// What stands before it.
#[derive(Default)]
struct Front(Mutex<State>);

#[derive(Default)]
struct State {
    asked: BTreeMap<Ask, usize>,
    faults: Vec<Planned>,
}

struct Planned {
    on: Ask,
    /// So many requests are let by first,
    after: usize,
    /// and so many are hit.
    times: usize,
    fault: Fault,
}

impl Front {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request. Answers what goes wrong with it.
    fn count(&self, ask: Ask) -> Option<Fault> {
        let mut state = self.state();
        *state.asked.entry(ask).or_default() += 1;
        let planned = state.faults.iter_mut().find(|planned| planned.on == ask && planned.times > 0)?;
        if planned.after > 0 {
            planned.after -= 1;
            return None;
        }
        planned.times -= 1;
        Some(planned.fault)
    }
}

impl Objects {
    /// One that anybody may use.
    pub fn open() -> Objects {
        Objects::start(None)
    }

    /// One that only whoever signs with `key` and `secret` may use.
    pub fn guarded(key: &str, secret: &str) -> Objects {
        Objects::start(Some((key, secret)))
    }

    fn start(credentials: Option<(&str, &str)>) -> Objects {
        let folder = tempfile::tempdir().expect("a folder for objects");
        fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("objects in a folder"));
        if let Some((key, secret)) = credentials {
            builder.set_auth(SimpleAuth::from_single(key, secret));
        }
        let service = builder.build();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let front = Arc::<Front>::default();
        runtime.spawn(serve(listener, service, front.clone()));
        Objects { address, folder, front, is_guarded: credentials.is_some(), runtime: Some(runtime) }
    }

    /// Its bucket as a place for files, below `prefix`.
    pub fn url(&self, prefix: &str) -> String {
        let access = if self.is_guarded { "" } else { "&access=unsigned" };
        format!("s3://{BUCKET}/{prefix}?endpoint=http://{}&region=test{access}", self.address)
    }

    /// After `after` requests of the kind `on` the next `times` go wrong.
    pub fn fail(&self, on: Ask, after: usize, times: usize, fault: Fault) {
        self.front.state().faults.push(Planned { on, after, times, fault });
    }

    /// From now on all requests go wrong in this way.
    pub fn fail_all(&self, fault: Fault) {
        Ask::ALL.into_iter().for_each(|ask| self.fail(ask, 0, usize::MAX, fault));
    }

    /// Nothing goes wrong any more.
    pub fn mend(&self) {
        self.front.state().faults.clear();
    }

    /// How often it was asked for this since the last time.
    pub fn asked(&self, ask: Ask) -> usize {
        self.front.state().asked.remove(&ask).unwrap_or(0)
    }

    /// Counts requests from nought again.
    pub fn forget(&self) {
        self.front.state().asked.clear();
    }

    /// The keys of all objects, in order.
    pub fn keys(&self) -> Vec<String> {
        let root = self.folder.path().join(BUCKET);
        let (mut keys, mut folders) = (vec![], vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                match path.is_dir() {
                    true => folders.push(path),
                    false => keys.push(path.strip_prefix(&root).expect("below it").display().to_string()),
                }
            }
        }
        keys.sort();
        keys
    }

    /// How many parts wait for an object to be made of them.
    pub fn parts(&self) -> usize {
        let name =
            |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".part-"));
        entries(self.folder.path()).iter().filter(|path| name(path)).count()
    }

    /// Puts an object there that nobody asked for.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let path = self.path(key);
        fs::create_dir_all(path.parent().expect("it is in the bucket")).expect("a folder");
        fs::write(path, bytes).expect("an object");
    }

    /// The bytes of an object.
    pub fn bytes(&self, key: &str) -> Vec<u8> {
        fs::read(self.path(key)).expect("an object")
    }

    /// Removes an object.
    pub fn remove(&self, key: &str) {
        fs::remove_file(self.path(key)).expect("an object");
    }

    /// Makes an object so old.
    pub fn age(&self, key: &str, age: Duration) {
        let file = File::options().write(true).open(self.path(key)).expect("an object");
        file.set_modified(SystemTime::now() - age).expect("its time");
    }

    /// Removes the bucket with everything in it.
    pub fn remove_bucket(&self) {
        fs::remove_dir_all(self.folder.path().join(BUCKET)).expect("a bucket");
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

async fn serve(listener: TcpListener, service: S3Service, front: Arc<Front>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, service.clone(), front.clone()));
    }
}

async fn connection(stream: TcpStream, service: S3Service, front: Arc<Front>) {
    let answer = service_fn(move |request| answer(request, service.clone(), front.clone()));
    // A connection that a fault broke ends with an error.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    request: Request<Incoming>,
    service: S3Service,
    front: Arc<Front>,
) -> Result<Response<Body>, io::Error> {
    let broken = || io::Error::from(io::ErrorKind::ConnectionReset);
    let fault = front.count(Ask::of(&request));
    match fault {
        Some(Fault::Cut) => return Err(broken()),
        Some(Fault::Refused(status, code)) => {
            let status = StatusCode::from_u16(status).map_err(io::Error::other)?;
            let mut response = Response::new(Body::from(format!("<Error><Code>{code}</Code></Error>")));
            *response.status_mut() = status;
            return Ok(response);
        }
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        Some(Fault::Unanswered | Fault::Torn) | None => {}
    }
    let mut response = service
        .call(request.map(Body::from))
        .await
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    match fault {
        Some(Fault::Unanswered) => {
            // Some requests are worked on while their answer is read.
            response.body_mut().store_all_limited(1 << 20).await.map_err(io::Error::other)?;
            Err(broken())
        }
        Some(Fault::Torn) => Ok(response.map(|body| {
            let begun = body.take(1).map(|chunk| chunk.map_err(io::Error::other));
            Body::from(StreamingBlob::wrap(begun.chain(stream::once(async move { Err(broken()) }))))
        })),
        _ => Ok(response),
    }
}
