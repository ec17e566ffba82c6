//! Leases as rows: the clock of the server alone says when one is over.

use std::time::Duration;

use app::ports::{Lease, Leases};
use journal::{BoxFuture, Unavailable};

use super::Postgres;
use super::entries::{int, unsigned};
use super::link::unavailable;
use super::text::kept;

const TAKE: &str = "INSERT INTO leases AS known (name, holder, fence, until)
    VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder, fence = known.fence + 1, until = clock_timestamp() + $3 * interval '1 millisecond'
    WHERE known.until <= clock_timestamp() OR known.holder = excluded.holder
    RETURNING fence";
const RENEW: &str = "UPDATE leases SET until = clock_timestamp() + $3 * interval '1 millisecond'
    WHERE name = $1 AND fence = $2 AND until > clock_timestamp() RETURNING fence";
const HOLDS: &str = "SELECT FROM leases WHERE name = $1 AND fence = $2 AND until > clock_timestamp()";
const GIVE_BACK: &str = "UPDATE leases SET until = clock_timestamp() WHERE name = $1 AND fence = $2 AND until > clock_timestamp()";

impl Leases for Postgres {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        time: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
        Box::pin(async move {
            let rows = self.readers.query(TAKE, &[&kept(name), &kept(holder), &milliseconds(time)]).await?;
            let fence = rows.first().map(|row| unsigned(row, 0)).transpose().map_err(unavailable)?;
            Ok(fence.map(|fence| Lease { fence }))
        })
    }

    fn renew<'a>(
        &'a self,
        name: &'a str,
        lease: Lease,
        time: Duration,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let row: [super::link::Parameter<'_>; 3] = [&kept(name), &int(lease.fence), &milliseconds(time)];
            Ok(!self.readers.query(RENEW, &row).await?.is_empty())
        })
    }

    fn holds<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            Ok(!self.readers.query(HOLDS, &[&kept(name), &int(lease.fence)]).await?.is_empty())
        })
    }

    fn give_back<'a>(&'a self, name: &'a str, lease: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move { self.readers.execute(GIVE_BACK, &[&kept(name), &int(lease.fence)]).await })
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
