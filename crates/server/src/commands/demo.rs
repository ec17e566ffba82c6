//! `anpei demo`: a full system with invented people.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use app::outside::DoorRules;
use app::words::{Lang, Words};
use app::{App, NewToken, Request, Role};
use connectors::FakeMessenger;
use identity::Purpose;
use serde_json::json;
use store::DatabaseUrl;
use tempfile::TempDir;
use web::Insurer;

use super::account::told;
use super::on_runtime;
use crate::config::LogFormat;
use crate::demo::{self, Accounts, PastClock, Plan, SECOND};
use crate::doors::Doors;
use crate::host::process_name;
use crate::observe::Observe;
use crate::service::{self, Shown, Work};
use crate::wiring::{self, Outside};
use crate::{complain, log, say};

/// When the claims are not all made by then, the rest follows while the system serves.
const READY_SECONDS_MAX: u64 = 9;
/// How long the announced links open, and the token is heard.
const LINK_SECONDS: i64 = 24 * 3600;
/// Requests under way may take so long to finish at the end.
const STOP_AFTER: Duration = Duration::from_secs(10);
/// Letters that the stand-in for messages remembers.
const LETTERS: usize = 10_000;

/// Start a full system with an invented insurer, and print where to sign in
///
/// Accounts of every role, some 300 policies, and 320 claims in every state, made within seconds by the commands that real ones
/// take, with two months of history. Bank and messages are stand-ins: no money moves. Each printed link signs in once and ends after a
/// day. Without --data all is kept in a temporary folder and gone at the end.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  anpei demo
  anpei demo --port 8420 --data /tmp/insurer      (kept; started again, it goes on)
  anpei demo --json | head -1                     (one line for programs: base, roles, api_token)")]
pub(crate) struct Arguments {
    /// The port to listen at; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A folder to keep the data in; it must exist
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A PostgreSQL database for its journal, empty or of this demo; files and keys stay in the folder
    #[arg(long, value_name = "URL", requires = "data")]
    database: Option<DatabaseUrl>,
    /// How many claims are made
    #[arg(long, default_value_t = 320, value_parser = clap::value_parser!(u16).range(0..=5_000))]
    claims: u16,
    /// What people and stories are drawn from: the same seed gives the same ones
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Announce in one line of JSON
    #[arg(long)]
    json: bool,
    /// What is logged on stderr
    #[arg(long, default_value = "warn", value_name = "FILTER")]
    log_level: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    log::start(&arguments.log_level, LogFormat::Text, &Observe::default(), None);
    on_runtime(play(arguments))?;
    Ok(ExitCode::SUCCESS)
}

async fn play(arguments: &Arguments) -> Result<()> {
    let began = Instant::now();
    let listener = service::listen(([127, 0, 0, 1], arguments.port).into()).await?;
    let base = format!("http://{}", listener.local_addr()?);
    // Removed when it is dropped, after the store is closed.
    let temporary = match arguments.data {
        Some(_) => None,
        None => Some(TempDir::with_prefix("anpei-demo-").context("no temporary folder can be made")?),
    };
    let data = match (&arguments.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(folder)) => folder.path().to_owned(),
        (None, None) => bail!("there is no folder for the data"),
    };
    let store = wiring::open_folder(&data, arguments.database.clone())?;
    let bank = wiring::fake_bank(&data, |instruction| demo::behaviour(&instruction.account))?;
    let outside = Outside { bank: Arc::new(bank), messenger: Arc::new(FakeMessenger::reliable(LETTERS)) };
    let clock = Arc::new(PastClock::new());
    // A receiver to try things out with stands beside the demo.
    let doors = Doors { rules: DoorRules { allow_loopback: true, allow_private: false }, ..Doors::default() };
    let app = wiring::app_with_doors(&store, outside, clock.clone(), doors.rules)?;
    // Before anything works on it: what is no demo is nothing for a stand-in of a bank.
    let known = match demo::is_new(&app) {
        true => None,
        false => {
            let place = arguments.database.as_ref().map_or(data.display().to_string(), ToString::to_string);
            let known = demo::known(&app).await;
            Some(known.with_context(|| format!("{place} holds no demo; name an empty one"))?)
        }
    };
    let node = process_name();
    let work = Work::start(&app, &node).telling(&app, &node, &doors).await?;
    let plan = Plan { seed: arguments.seed, claims: usize::from(arguments.claims) };
    let (accounts, mut seeding) = match known {
        Some(accounts) => (accounts, None),
        None => {
            let (accounts, seeding) = demo::begin(&app, &clock, plan).await?;
            (accounts, Some(seeding))
        }
    };
    let mut finished = true;
    if let Some(seeding) = &mut seeding {
        let patience = Duration::from_secs(READY_SECONDS_MAX).saturating_sub(began.elapsed());
        finished = seeding.wait(patience).await;
        seeding.arrive_in_the_present();
    }
    announce(&app, &accounts, &base, arguments.json).await?;
    if let Some(seeding) = &seeding {
        let made = seeding.seeded();
        let (claims, seconds) = (made.claims, began.elapsed().as_secs_f64());
        let rest = if finished { "" } else { "; the rest follows" };
        complain(&format!("{claims} of {} claims made in {seconds:.1} s{rest}", plan.claims));
    }
    let rest = tokio::spawn(async move {
        let Some(mut seeding) = seeding.filter(|_| !finished) else { return };
        while !seeding.wait(Duration::from_secs(5)).await {
            complain(&format!("{} of {} claims made", seeding.seeded().claims, plan.claims));
        }
        complain(&format!("all {} claims made in {:.1} s", plan.claims, began.elapsed().as_secs_f64()));
    });
    let shown = Shown { data, settings: vec![], limits: web::Limits::default() };
    let served = service::answer(&app, &store, listener, &base, insurer(), STOP_AFTER, shown).await;
    rest.abort();
    work.end().await;
    served
}

/// An insurer that nobody can take for a real one; its numbers are given to nobody.
fn insurer() -> Insurer {
    Insurer {
        name: Some("示范财险（虚构）".to_owned()),
        service_phone: Some("400-000-0000".to_owned()),
        rescue_phone: Some("400-000-0001".to_owned()),
    }
}

/// A role, or the second of two who have it.
fn named(role: &str, second: bool) -> String {
    format!("{role}{}", if second { SECOND } else { "" })
}

/// Prints where everybody signs in.
async fn announce(app: &App, accounts: &Accounts, base: &str, as_json: bool) -> Result<()> {
    let mut links = vec![];
    let mut api_token = String::new();
    for known in &accounts.0 {
        let request = Request::system();
        if known.role == Role::Client {
            api_token = app
                .issue_token(&request, &known.account, &NewToken::whole("demo", LINK_SECONDS))
                .await
                .map_err(told)?;
            continue;
        }
        let token =
            app.invite(&request, &known.account, Purpose::SignIn, LINK_SECONDS).await.map_err(told)?;
        links.push((known.role, known.second, format!("{base}/enter/{token}")));
    }
    if as_json {
        let roles: serde_json::Map<_, _> =
            links.iter().map(|(role, second, link)| (named(role.word(), *second), json!(link))).collect();
        return Ok(say(&json!({ "base": base, "roles": roles, "api_token": api_token }).to_string())?);
    }
    say(&format!("\n安赔演示系统已就绪 · The Anpei demo is ready: {base}\n"))?;
    for (role, second, link) in links {
        let key = format!("role.{}", role.word());
        let word = |lang| named(&Words::of(lang).say(&key), second);
        let (zh, en) = (word(Lang::Zh), word(Lang::En));
        // A Chinese character takes two columns.
        let wide = zh.chars().filter(|character| !character.is_ascii()).count();
        let width = 37_usize.saturating_sub(wide);
        say(&format!("  {:width$}{link}", format!("{zh} · {en}")))?;
    }
    say(&format!(
        "\n每个链接只能登录一次，一天内有效。按 Ctrl-C 结束。\nEach link signs in once, within a day. Ctrl-C ends it.\n\n  curl -H \
         'Authorization: Bearer {api_token}' {base}/api/v1/claims\n"
    ))?;
    Ok(())
}
