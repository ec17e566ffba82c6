//! Callers who do not finish what they say.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::process::{Served, get};

#[test]
#[ignore = "waits as long as a caller may take"]
fn half_a_head_or_none_holds_no_connection_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(folder.path(), &[]);
    let mut slow = TcpStream::connect(&served.address).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Half: ").unwrap();
    let mut silent = TcpStream::connect(&served.address).unwrap();
    for caller in [&slow, &silent] {
        caller.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    }
    let began = Instant::now();
    assert_eq!(get(&served.address, "/healthz").0, 200, "others are answered meanwhile");
    let mut rest = vec![];
    slow.read_to_end(&mut rest).expect("the connection is ended");
    silent.read_to_end(&mut rest).expect("so is that of a caller who says nothing");
    assert!(began.elapsed() > Duration::from_secs(5), "a slow caller has some time");
    assert_eq!(served.stop(), 0);
}
