//! An open page on one node hears of what another node recorded.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use insight::VIEWS;
use lexicon::ClaimId;
use serde_json::Value;
use server::host::SystemClock;
use server::wiring::{self, Outside};
use store::{Config, MasterKey, Store};
use web::Gate;

use crate::client::{Client, earlier_today};
use crate::cluster::Cluster;

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_page_on_one_node_hears_of_what_another_recorded() {
    let Some(cluster) = Cluster::new() else { return };
    let token = cluster.prepare(10);
    let far = cluster.serve();
    let mut client = Client::new(0, token, earlier_today());
    client.go_on(&far.address).unwrap();
    let answer: Value = serde_json::from_slice(&client.told[0].answer).unwrap();
    let claim: ClaimId = answer["claim"].as_str().unwrap().parse().unwrap();

    let (folder, database) = (cluster.folder().to_owned(), Some(cluster.url().parse().unwrap()));
    let near =
        Store::open(Config { folder, database, views: VIEWS, master_key: MasterKey::InFolder }).unwrap();
    let app = wiring::app(&near, Outside::nobody(), Arc::new(SystemClock)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut news = Gate::changes(&app, &claim);
    let mut next = || runtime.block_on(async { tokio::time::timeout(PATIENCE, news.next()).await });
    let first = next().expect("what is there is told at once").unwrap().unwrap();
    for _ in 0..3 {
        client.go_on(&far.address).unwrap();
        let heard = next().expect("nothing was heard of the other node").unwrap().unwrap();
        assert!(heard > first);
    }
    drop(news);
    drop(app);
    drop(near);
    assert_eq!(far.stop(), 0);
}
