//! The store as the product reaches it: calls take their time, fail, or are done without an answer.

use std::sync::Arc;
use std::time::Duration;

use app::ports::{Blobs, Checkpoints, Lease, Leases, Session, Sessions};
use futures::executor::block_on;
use insight::view::{Query, Row, Value, View, Views};
use journal::{
    Append, AppendError, Appended, BoxFuture, Journal, Recorded, StoredAnswer, StreamId, Unavailable,
};
use lexicon::{AccountId, BlobId, Moment};
use store::Store;
use tokio::sync::watch;

use crate::disk::Disk;
use crate::weather::{Strike, Weather};

/// The store of one life.
pub struct StormyStore {
    disk: Arc<Disk>,
    weather: Arc<Weather>,
    /// Told in the thread of the world, whatever thread the store tells it in.
    head: watch::Sender<u64>,
}

impl StormyStore {
    /// The store on `disk`, in `weather`.
    pub fn new(disk: Arc<Disk>, weather: Arc<Weather>) -> StormyStore {
        let head = *disk.store().head().borrow();
        StormyStore { disk, weather, head: watch::Sender::new(head) }
    }

    /// Reads, unless the weather is against it.
    async fn read_now<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, Unavailable> + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.weather.wait().await;
        if self.weather.read_fails() {
            return Err(Unavailable("simulated: the store does not answer".to_owned()));
        }
        self.disk.perform(read)
    }
}

fn lost(how: &str) -> Unavailable {
    Unavailable(format!("simulated: lost {how}"))
}

impl Journal for StormyStore {
    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, AppendError>> {
        Box::pin(async move {
            self.weather.wait().await;
            let strike = self.weather.append();
            match (strike, append.writes.first()) {
                (Strike::Before, _) => return Err(lost("on the way to the store").into()),
                (Strike::Conflict, Some(write)) => {
                    let (stream, expected) = (write.stream.clone(), write.expected);
                    return Err(AppendError::Conflict { stream, expected, actual: expected + 1 });
                }
                _ => {}
            }
            let (done, head) = self.disk.perform(move |store| {
                let done = block_on(store.append(append));
                let head = *store.head().borrow();
                (done, head)
            });
            self.head.send_if_modified(|told| std::mem::replace(told, head) != head);
            // Whoever dies here has recorded something and told nobody.
            self.weather.wait().await;
            match strike {
                Strike::After => Err(lost("on the way back").into()),
                _ => done,
            }
        })
    }

    fn stream<'a>(
        &'a self,
        stream: &'a StreamId,
        version: u64,
    ) -> BoxFuture<'a, Result<Vec<Recorded>, Unavailable>> {
        let stream = stream.clone();
        Box::pin(self.read_now(move |store| block_on(store.stream(&stream, version))))
    }

    fn read(&self, position: u64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(store.read(position, limit))))
    }

    fn answer<'a>(
        &'a self,
        scope: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<StoredAnswer>, Unavailable>> {
        let (scope, key) = (scope.to_owned(), key.to_owned());
        Box::pin(self.read_now(move |store| block_on(store.answer(&scope, &key))))
    }

    fn head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }
}

impl Views for StormyStore {
    fn get<'a>(
        &'a self,
        view: &'static View,
        key: Vec<Value>,
    ) -> BoxFuture<'a, Result<Option<Row>, Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(Views::get(store, view, key))))
    }

    fn page(&self, query: Query) -> BoxFuture<'_, Result<Vec<Row>, Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(store.page(query))))
    }

    fn count(&self, query: Query) -> BoxFuture<'_, Result<u64, Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(store.count(query))))
    }
}

impl Blobs for StormyStore {
    fn keep(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<BlobId, Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(Blobs::keep(store, bytes))))
    }

    fn fetch<'a>(&'a self, id: &'a BlobId) -> BoxFuture<'a, Result<Option<Vec<u8>>, Unavailable>> {
        let id = id.clone();
        Box::pin(self.read_now(move |store| block_on(store.fetch(&id))))
    }
}

impl Checkpoints for StormyStore {
    fn reached<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<u64, Unavailable>> {
        let name = name.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.reached(&name))))
    }

    fn reach<'a>(&'a self, name: &'a str, position: u64) -> BoxFuture<'a, Result<(), Unavailable>> {
        let name = name.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.reach(&name, position))))
    }
}

impl Sessions for StormyStore {
    fn keep(&self, session: Session) -> BoxFuture<'_, Result<(), Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(Sessions::keep(store, session))))
    }

    fn find<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<Option<Session>, Unavailable>> {
        let token_hash = token_hash.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.find(&token_hash))))
    }

    fn end<'a>(&'a self, token_hash: &'a str) -> BoxFuture<'a, Result<(), Unavailable>> {
        let token_hash = token_hash.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.end(&token_hash))))
    }

    fn end_all<'a>(&'a self, account: &'a AccountId) -> BoxFuture<'a, Result<(), Unavailable>> {
        let account = account.clone();
        Box::pin(self.read_now(move |store| block_on(store.end_all(&account))))
    }

    fn sweep(&self, moment: Moment) -> BoxFuture<'_, Result<(), Unavailable>> {
        Box::pin(self.read_now(move |store| block_on(store.sweep(moment))))
    }
}

impl Leases for StormyStore {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        time: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        Box::pin(self.read_now(move |store| block_on(store.take(&name, &holder, time))))
    }

    fn renew<'a>(
        &'a self,
        name: &'a str,
        lease: Lease,
        time: Duration,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        let name = name.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.renew(&name, lease, time))))
    }

    fn holds<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
        let name = name.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.holds(&name, lease))))
    }

    fn give_back<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
        let name = name.to_owned();
        Box::pin(self.read_now(move |store| block_on(store.give_back(&name, lease))))
    }
}

/// Checkpoints that were lost: every follower begins at the start.
pub struct Forgetful;

impl Checkpoints for Forgetful {
    fn reached<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<u64, Unavailable>> {
        Box::pin(async { Ok(0) })
    }

    fn reach<'a>(&'a self, _: &'a str, _: u64) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async { Ok(()) })
    }
}
