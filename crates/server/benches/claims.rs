//! How many small clear claims go from notice to paid and closed in one process, how long a decision takes, and how long a claim's
//! page takes at 1,000 requests a second.
//!
//! Store on disk, sealing and inline views on, every step durable; the stand-in bank answers at once. Papers count as already
//! read and kept: their pictures are not decoded, their files stay in memory. The same on PostgreSQL where the environment names
//! a server.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::ports::{Blobs, Picture, PictureError, PictureFormat, Pictures};
use app::words::Lang;
use app::work::{Reactor, Rounds};
use app::{App, Notice, Ports, Principal, Request, Role};
use axum::body::Body;
use claim::command::Pick;
use claim::events::{BankAccount, Contact};
use claim::state::{Channel, DamageGuess};
use connectors::{Behaviour, FakeBank, FakeMessenger};
use identity::Purpose;
use insight::VIEWS;
use journal::{ActorKind, Journal};
use lexicon::{ClaimId, Moment};
use register::import::Format;
use rulebook::tables::Damage;
use rulebook::{Cause, Injury, Tables};
use server::host::{Argon2Passwords, SystemChance, SystemClock};
use store::{DatabaseUrl, MasterKey, Store};
use tokio::sync::{Semaphore, watch};
use torture::postgres::Postgres;
use tower::ServiceExt;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CLAIMS: usize = 4_000;
const SIDE_BY_SIDE: usize = 512;
const PAGES_PER_SECOND: u64 = 1_000;
const PAGE_SECONDS: u64 = 10;
const PAPERS: [&str; 6] =
    ["photo-scene", "photo-scene", "plate", "photo-damage", "driving-licence", "vehicle-licence"];

/// Papers that were looked at before.
struct AlreadyRead;

impl Pictures for AlreadyRead {
    fn accept(&self, bytes: &[u8]) -> Result<Picture, PictureError> {
        Ok(Picture { format: PictureFormat::Jpeg, width: 8, height: 8, shown: bytes.to_vec() })
    }
}

/// What was measured on one store: by name, with what is to hold.
type Figures = Vec<(String, String, &'static str)>;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let embedded = runtime.block_on(measure(None))?;
    let server = match std::env::var("ANPEI_TEST_POSTGRES") {
        Ok(url) => {
            let (server, name) = (Postgres::at(&url)?, format!("claims{}", std::process::id()));
            let figures = runtime.block_on(measure(Some(server.database(&name)?.parse()?)))?;
            server.drop_database(&name)?;
            figures
        }
        Err(_) => vec![],
    };
    say("| figure | SQLite | PostgreSQL | to hold |")?;
    say("|---|---|---|---|")?;
    for (place, (name, value, hold)) in embedded.iter().enumerate() {
        let other = server.get(place).map_or("no server named", |(_, value, _)| value);
        say(&format!("| {name} | {value} | {other} | {hold} |"))?;
    }
    Ok(())
}

async fn measure(database: Option<DatabaseUrl>) -> Outcome<Figures> {
    let folder = tempfile::tempdir()?;
    let config = store::Config {
        folder: folder.path().to_owned(),
        database,
        views: VIEWS,
        master_key: MasterKey::InFolder,
    };
    let store = Store::open(config)?;
    let app = wire(&store)?;
    app.import_policies(&Request::system(), policies().as_bytes(), Format::Csv).await?;
    let customer = customer(&app).await?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(Reactor::new(app.clone()).run(stopped.clone()));
    tokio::spawn(Rounds::new(app.clone()).run(stopped));

    let (began, used) = (Instant::now(), processor_time()?);
    let before = *store.head().borrow();
    let claims = throughput(&app, &customer, 0, CLAIMS, None).await?;
    wait_until_closed(&store, CLAIMS as u64).await?;
    let (seconds, entries) = (began.elapsed().as_secs_f64(), *store.head().borrow() - before);
    let rate = CLAIMS as f64 / seconds;
    let busy = (processor_time()? - used).as_secs_f64() * 1_000.0 / CLAIMS as f64;
    let per_claim = entries as f64 / CLAIMS as f64;
    let mut figures = vec![
        (
            format!("straight-through claims, {SIDE_BY_SIDE} side by side"),
            format!("{rate:.0} claims/s"),
            "≥ 2,000 claims/s",
        ),
        (
            format!("entries of the journal meanwhile, {per_claim:.0} a claim"),
            format!("{:.0} entries/s", entries as f64 / seconds),
            "",
        ),
        ("processor time of a claim, all threads of the product".to_owned(), format!("{busy:.2} ms"), ""),
    ];

    let half = rate / 2.0;
    let steady = (half * 8.0) as usize;
    throughput(&app, &customer, CLAIMS, steady, Some(half)).await?;
    wait_until_closed(&store, (CLAIMS + steady) as u64).await?;
    let waits = decisions(&store, before).await?;
    let steady_waits = &waits[CLAIMS.min(waits.len())..];
    let decision = "decision at half as many claims: damage picked → approved";
    figures.push((format!("{decision}, p50"), percentile(steady_waits, 50), ""));
    figures.push((format!("{decision}, p99"), percentile(steady_waits, 99), "≤ 20 ms"));

    let waits = pages(&app, &claims).await?;
    let page = format!("claim page at {PAGES_PER_SECOND} requests/s");
    figures.push((format!("{page}, p50"), percentile(&waits, 50), ""));
    figures.push((format!("{page}, p99"), percentile(&waits, 99), "≤ 20 ms"));
    stop.send_replace(true);
    Ok(figures)
}

fn wire(store: &Store) -> Outcome<App> {
    let blobs: Arc<dyn Blobs> = Arc::new(Store::memory(&[]));
    let ports = Ports {
        journal: Arc::new(store.clone()),
        views: Arc::new(store.clone()),
        vault: Arc::new(store.clone()),
        blobs,
        sessions: Arc::new(store.clone()),
        checkpoints: Arc::new(store.clone()),
        leases: Arc::new(store.clone()),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        bank: Arc::new(FakeBank::in_memory(|_| Behaviour::AtOnce)),
        messenger: Arc::new(FakeMessenger::reliable(100)),
        passwords: Arc::new(Argon2Passwords::new()),
        pictures: Arc::new(AlreadyRead),
    };
    Ok(App::new(ports, Tables::shipped()?))
}

/// One policy for every claim, and as many again for the second part.
fn policies() -> String {
    let mut file = String::from(
        "number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,\
         ends_at,compulsory,own_damage,third_party\n",
    );
    for car in 0..14_000 {
        file.push_str(&format!(
            "B{car:06},AN-BJ,{},LSVAA4182E2184847,medium,5,family,fuel,150000.00,林知远,13800010101,11010519860317021X,\
             2025-01-01,2035-12-31,yes,150000.00,1000000.00\n",
            plate(car)
        ));
    }
    file
}

fn plate(car: usize) -> String {
    format!("京B{car:05}")
}

async fn customer(app: &App) -> Outcome<Principal> {
    let new = app::NewAccount {
        login: "bench".to_owned(),
        name: "bench".to_owned(),
        phone: None,
        roles: BTreeSet::from([Role::Customer]),
    };
    let account = app.open_account(&Request::system(), &new).await?;
    Ok(Principal { account: Some(account), kind: ActorKind::Customer, roles: [Role::Customer].into() })
}

/// Makes `count` claims, from car `first` on: as fast as they go, or so many a second.
async fn throughput(
    app: &App,
    customer: &Principal,
    first: usize,
    count: usize,
    per_second: Option<f64>,
) -> Outcome<Vec<ClaimId>> {
    let slots = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let made = Arc::new(Mutex::new(vec![]));
    let mut tasks = tokio::task::JoinSet::new();
    let began = tokio::time::Instant::now();
    for number in 0..count {
        if let Some(rate) = per_second {
            tokio::time::sleep_until(began + Duration::from_secs_f64(number as f64 / rate)).await;
        }
        let slot = slots.clone().acquire_owned().await?;
        let (app, customer, made) = (app.clone(), customer.clone(), made.clone());
        tasks.spawn(async move {
            let claim = one(&app, customer, first + number).await?;
            made.lock().map_err(|_| "poisoned")?.push(claim);
            drop(slot);
            Ok::<_, Box<dyn Error + Send + Sync>>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let claims = made.lock().map_err(|_| "poisoned")?.clone();
    Ok(claims)
}

/// One customer's way: notice, papers, damage.
async fn one(app: &App, customer: Principal, car: usize) -> Outcome<ClaimId> {
    let request = Request::of(customer, Lang::Zh);
    let notice = Notice {
        occurred_at: app.now().plus_seconds(-3_600),
        cause: Cause::Scrape,
        place: "地下车库".to_owned(),
        position: None,
        injury: Injury::None,
        other_property: false,
        plate: plate(car).parse()?,
        others: vec![],
        story: "蹭到立柱".to_owned(),
        contact: Contact { name: "林知远".to_owned(), phone: "13800010101".to_owned() },
        guess: DamageGuess::Light,
        fault: None,
        self_claim: false,
        account: Some(BankAccount { name: "林知远".to_owned(), number: "6222020200112233446".to_owned() }),
        channel: Channel::Page,
    };
    let claim = app.take_notice(&request, notice).await?.claim;
    for (step, kind) in PAPERS.iter().enumerate() {
        let bytes = format!("{car} {step}").into_bytes();
        app.add_evidence(&request, &claim, kind, None, bytes).await?;
    }
    let pick = Pick {
        part: "rear-bumper".to_owned(),
        damage: Damage::Scratch,
        operation: None,
        photo: Some(4),
        price: None,
    };
    app.propose_damage(&request, &claim, vec![pick]).await?;
    Ok(claim)
}

async fn wait_until_closed(store: &Store, claims: u64) -> Outcome<()> {
    use insight::view::{Query, Views};
    let began = Instant::now();
    loop {
        let query = Query::of(&insight::CLAIMS, "by_stage", 1).equal("closed");
        let closed = store.count(query).await?;
        if closed >= claims {
            return Ok(());
        }
        if began.elapsed() > Duration::from_secs(300) {
            return Err(format!("{closed} of {claims} claims were closed").into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// From damage picked to approved, in the order of approval.
async fn decisions(store: &Store, mut position: u64) -> Outcome<Vec<Duration>> {
    let mut picked: HashMap<String, Moment> = HashMap::new();
    let mut waits = vec![];
    loop {
        let entries = store.read(position, 4_096).await?;
        let Some(last) = entries.last() else { return Ok(waits) };
        position = last.position;
        for entry in entries {
            if &*entry.name == "DamageProposed" {
                picked.insert(entry.stream.as_str().to_owned(), entry.at);
            } else if &*entry.name == "Approved"
                && let Some(begin) = picked.get(entry.stream.as_str())
            {
                let micros = entry.at.micros() - begin.micros();
                waits.push(Duration::from_micros(micros.try_into().unwrap_or(0)));
            }
        }
    }
}

/// How long a customer's page of a claim takes: session, access, read, HTML.
async fn pages(app: &App, claims: &[ClaimId]) -> Outcome<Vec<Duration>> {
    let account = app.find_account("bench").await?.ok_or("no account")?;
    let link = app.invite(&Request::system(), &account, Purpose::SignIn, 3_600).await?;
    let session = app.enter(&link, None).await?.token;
    let router = web::router(web::Web::new(app.clone(), false));
    let cookie = format!("anpei-session={session}");
    let waits = Arc::new(Mutex::new(vec![]));
    let mut tasks = tokio::task::JoinSet::new();
    let began = tokio::time::Instant::now();
    for number in 0..PAGES_PER_SECOND * PAGE_SECONDS {
        let due = began + Duration::from_micros(number * 1_000_000 / PAGES_PER_SECOND);
        tokio::time::sleep_until(due).await;
        let claim = &claims[number as usize % claims.len()];
        let request = axum::http::Request::get(format!("/claims/{claim}")).header("cookie", &cookie);
        let (request, router, waits) = (request.body(Body::empty())?, router.clone(), waits.clone());
        tasks.spawn(async move {
            let answer = router.oneshot(request).await.map_err(|never| match never {})?;
            if answer.status() != 200 {
                return Err(format!("the page answered {}", answer.status()).into());
            }
            axum::body::to_bytes(answer.into_body(), usize::MAX).await?;
            // Late requests count with their lateness, or a standstill would look like one slow answer.
            waits.lock().map_err(|_| "poisoned")?.push(due.elapsed());
            Ok::<_, Box<dyn Error + Send + Sync>>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let waits = waits.lock().map_err(|_| "poisoned")?.clone();
    Ok(waits)
}

/// What this process has used of the processors.
fn processor_time() -> Outcome<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // After the name in brackets: user time is the 12th field, system time the 13th, both in hundredths of a second.
    let fields = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().skip(11).take(2);
    let ticks = fields.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

fn percentile(waits: &[Duration], percent: usize) -> String {
    let mut sorted = waits.to_vec();
    sorted.sort();
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted
        .get(at)
        .map_or("nothing measured".to_owned(), |wait| format!("{:.1} ms", wait.as_secs_f64() * 1_000.0))
}

fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
