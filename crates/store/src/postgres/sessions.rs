//! Sessions and checkpoints as rows.

use app::ports::Session;
use journal::Unavailable;
use lexicon::{AccountId, Moment};

use super::Postgres;
use super::entries::{int, unsigned};
use super::link::unavailable;
use super::text::{kept, read};

impl Postgres {
    pub(crate) async fn keep_session(&self, session: Session) -> Result<(), Unavailable> {
        let Session { token_hash, account, form_secret, began_at, ends_at, used_at } = &session;
        let sql = "INSERT INTO sessions (token_hash, account, form_secret, began_at, ends_at, used_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (token_hash) DO UPDATE SET account = excluded.account,
            form_secret = excluded.form_secret, began_at = excluded.began_at, ends_at = excluded.ends_at,
            used_at = excluded.used_at";
        let [began_at, ends_at, used_at] = [began_at, ends_at, used_at].map(|moment| moment.micros());
        let (token_hash, account, form_secret) =
            (kept(token_hash), kept(account.as_str()), kept(form_secret));
        let row: [super::link::Parameter<'_>; 6] =
            [&token_hash, &account, &form_secret, &began_at, &ends_at, &used_at];
        self.readers.execute(sql, &row).await
    }

    pub(crate) async fn find_session(&self, token_hash: &str) -> Result<Option<Session>, Unavailable> {
        let sql =
            "SELECT account, form_secret, began_at, ends_at, used_at FROM sessions WHERE token_hash = $1";
        let rows = self.readers.query(sql, &[&kept(token_hash)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let account = read(row.get(0)).parse().map_err(|_| Unavailable("a session is damaged".into()))?;
        Ok(Some(Session {
            token_hash: token_hash.to_owned(),
            account,
            form_secret: read(row.get(1)).into_owned(),
            began_at: Moment::from_micros(row.get(2)),
            ends_at: Moment::from_micros(row.get(3)),
            used_at: Moment::from_micros(row.get(4)),
        }))
    }

    pub(crate) async fn end_session(&self, token_hash: &str) -> Result<(), Unavailable> {
        let sql = "DELETE FROM sessions WHERE token_hash = $1";
        self.readers.execute(sql, &[&kept(token_hash)]).await
    }

    pub(crate) async fn end_sessions_of(&self, account: &AccountId) -> Result<(), Unavailable> {
        let sql = "DELETE FROM sessions WHERE account = $1";
        self.readers.execute(sql, &[&kept(account.as_str())]).await
    }

    pub(crate) async fn sweep_sessions(&self, moment: Moment) -> Result<(), Unavailable> {
        let sql = "DELETE FROM sessions WHERE ends_at < $1";
        self.readers.execute(sql, &[&moment.micros()]).await
    }

    pub(crate) async fn count_sessions(&self, moment: Moment) -> Result<u64, Unavailable> {
        let sql = "SELECT count(*) FROM sessions WHERE ends_at >= $1";
        let rows = self.readers.query(sql, &[&moment.micros()]).await?;
        rows.first().map_or(Ok(0), |row| unsigned(row, 0)).map_err(unavailable)
    }

    pub(crate) async fn reached(&self, name: &str) -> Result<u64, Unavailable> {
        let sql = "SELECT position FROM checkpoints WHERE name = $1";
        let rows = self.readers.query(sql, &[&kept(name)]).await?;
        rows.first().map_or(Ok(0), |row| unsigned(row, 0)).map_err(unavailable)
    }

    pub(crate) async fn reach(&self, name: &str, position: u64) -> Result<(), Unavailable> {
        let sql = "INSERT INTO checkpoints (name, position) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET position = excluded.position";
        self.readers.execute(sql, &[&kept(name), &int(position)]).await
    }
}
