//! The insurer itself: its staff, its customers, its policies.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use app::words::Lang;
use app::{App, Failure, NewAccount, Principal, Request, Role};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use journal::ActorKind;
use lexicon::{AccountId, Moment, Plate};
use register::import::Format;

use super::Plan;
use super::people::{self, Dice};

/// For every eight claims there are five cars: some are unlucky twice. As many cars again as make one for each claim are never
/// heard of, unless stories must be told late.
const CARS_PER_8_CLAIMS: usize = 5;
/// Policies whose holders have an account of their own; the first few cars belong to the first customer.
const CUSTOMERS: usize = 40;
/// Accidents of one car lie at least so far apart.
const APART_SECONDS: i64 = 48 * 3_600;
/// Cars of the first customer, whose account the demo announces.
const FIRST_CUSTOMERS_CARS: usize = 6;
/// Whose sign-in begins with this belongs to the demo.
const LOGIN: &str = "demo-";
/// What stands behind the word of a role for its second account.
pub const SECOND: &str = "-2";

/// An account that the demo announces.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// What it may act as.
    pub role: Role,
    /// Whether it is the second of two colleagues, without whom nobody could confirm what the first began.
    pub second: bool,
    /// Its id.
    pub account: AccountId,
}

/// One account of every role, and a second one where two people of the highest authority are needed.
#[derive(Clone, Debug)]
pub struct Accounts(pub Vec<DemoAccount>);

/// A car with its policy.
#[derive(Clone, Debug)]
pub(super) struct Insured {
    pub(super) plate: Plate,
    pub(super) holder: String,
    pub(super) phone: String,
    /// The account of its owner, who reports on pages; without one they call.
    pub(super) customer: Option<Principal>,
}

/// Which cars had an accident, and which never do.
struct Cars {
    crashed: HashMap<Plate, Vec<Moment>>,
    spare: Vec<Insured>,
}

/// Everything that stories draw on.
pub(super) struct World {
    pub(super) app: App,
    staff: Vec<(Role, Principal)>,
    pub(super) insured: Vec<Insured>,
    cars: Mutex<Cars>,
    /// Pictures taken so far.
    pub(super) pictures: AtomicU64,
}

impl World {
    /// A request of the member of staff, or the program, who acts as `role`.
    pub(super) fn staff(&self, role: Role) -> Request {
        let known = self.staff.iter().find(|(known, _)| *known == role);
        let principal = known.map_or_else(Principal::system, |(_, principal)| principal.clone());
        Request::of(principal, Lang::Zh)
    }

    /// The car that has an accident at `moment`: that of `plate`, or another where that one had one at about that time, for the two
    /// would be taken for the same.
    pub(super) fn crash(&self, plate: &Plate, moment: Moment) -> Plate {
        let mut cars = self.cars.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cars.crashed.entry(plate.clone()).or_default();
        if known.iter().any(|other| moment.seconds_since(*other).abs() < APART_SECONDS)
            && let Some(other) = cars.spare.pop()
        {
            return other.plate;
        }
        cars.crashed.entry(plate.clone()).or_default().push(moment);
        plate.clone()
    }
}

impl Accounts {
    /// The account of `role`.
    pub fn of(&self, role: Role) -> Option<&AccountId> {
        self.0.iter().find(|known| known.role == role).map(|known| &known.account)
    }
}

/// Everybody whom the demo announces.
fn everybody() -> impl Iterator<Item = (Role, bool)> {
    let seconds = [Role::SeniorAssessor, Role::ChiefApprover].map(|role| (role, true));
    Role::ALL.into_iter().map(|role| (role, false)).chain(seconds)
}

fn login(role: Role, second: bool) -> String {
    format!("{LOGIN}{}{}", role.word(), if second { SECOND } else { "" })
}

/// Opens the accounts and enters the policies.
pub(super) async fn found(app: &App, plan: Plan) -> Result<(World, Accounts)> {
    let mut dice = Dice::new(plan.seed, 0);
    let today = app.tables().day(app.now());
    let cars = (plan.claims * CARS_PER_8_CLAIMS / 8).max(20);
    let (file, mut insured) = policies(&mut dice, cars.max(plan.claims), today);
    let cars = Mutex::new(Cars { crashed: HashMap::new(), spare: insured.split_off(cars) });
    let report = app.import_policies(&Request::system(), file.as_bytes(), Format::Csv).await;
    let report = report.map_err(|failure| anyhow!("the demo's policies: {failure}"))?;
    ensure!(report.refused.is_empty(), "the demo's policies: {:?}", report.refused.first());
    let mut accounts = vec![];
    let mut staff = vec![];
    for (role, second) in everybody() {
        let name = if role == Role::Customer { insured[0].holder.clone() } else { people::name(&mut dice) };
        let account = open(app, &login(role, second), &name, role).await?;
        staff.push((role, principal(&account, role)));
        accounts.push(DemoAccount { role, second, account });
    }
    let first =
        staff.iter().find(|(role, _)| *role == Role::Customer).map(|(_, principal)| principal.clone());
    let holder = insured[0].clone();
    for (number, car) in insured.iter_mut().take(CUSTOMERS).enumerate() {
        if number < FIRST_CUSTOMERS_CARS {
            car.customer.clone_from(&first);
            (car.holder, car.phone) = (holder.holder.clone(), holder.phone.clone());
        } else {
            let account = open(app, &car.phone, &car.holder, Role::Customer).await?;
            car.customer = Some(principal(&account, Role::Customer));
        }
    }
    let world = World { app: app.clone(), staff, insured, cars, pictures: AtomicU64::new(plan.seed << 20) };
    Ok((world, Accounts(accounts)))
}

/// The announced accounts of a demo that was made before.
pub(super) async fn known(app: &App) -> Result<Accounts, Failure> {
    let mut accounts = vec![];
    for (role, second) in everybody() {
        let account = app.find_account(&login(role, second)).await?.ok_or(Failure::NotFound)?;
        accounts.push(DemoAccount { role, second, account });
    }
    Ok(Accounts(accounts))
}

async fn open(app: &App, login: &str, name: &str, role: Role) -> Result<AccountId> {
    let new = NewAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        phone: None,
        roles: BTreeSet::from([role]),
    };
    let opened = app.open_account(&Request::system(), &new).await;
    opened.map_err(|failure| anyhow!("{failure}")).with_context(|| format!("the demo's account {login}"))
}

fn principal(account: &AccountId, role: Role) -> Principal {
    let kind = match role {
        Role::Customer => ActorKind::Customer,
        Role::Client => ActorKind::Client,
        _ => ActorKind::Staff,
    };
    Principal { account: Some(account.clone()), kind, roles: [role].into() }
}

/// A file of policies, as another system would export it, and whose cars they are.
fn policies(dice: &mut Dice, count: usize, today: Date) -> (String, Vec<Insured>) {
    let mut file = String::from(
        "number,insurer,plate,vin,vehicle_class,seats,use,energy,actual_value,holder_name,holder_phone,holder_id,starts_at,\
         ends_at,compulsory,own_damage,own_damage_deductible,third_party,driver,passengers\n",
    );
    let mut insured = vec![];
    for number in 1..=count {
        let class = *dice.pick(&["small", "medium", "medium", "large", "new-energy", "new-energy"]);
        let new_energy = class == "new-energy";
        let thousands = match class {
            "small" => dice.between(55, 95),
            "large" => dice.between(190, 380),
            _ => dice.between(100, 240),
        };
        let car = Insured {
            plate: people::plate(dice, new_energy, number).parse().expect("drawn plates are sound"),
            holder: people::name(dice),
            phone: people::phone(dice, number),
            customer: None,
        };
        let starts = days_before(today, dice.between(20, 270));
        let ends = days_before(starts.saturating_add(1.year()), 1);
        let deductible = *dice.pick(&["", "", "", "300.00"]);
        let third_party = *dice.pick(&["1000000.00", "2000000.00", "3000000.00"]);
        let seats = *dice.pick(&["", "10000.00", "20000.00"]);
        let energy = if new_energy { "new" } else { "fuel" };
        let (vin, id) = (people::vin(dice, number), people::id_number(dice));
        let (plate, holder, phone, year) = (car.plate.as_str(), &car.holder, &car.phone, starts.year());
        // Writing to a text does not fail.
        let _ = writeln!(
            file,
            "AN{year}-{number:06},AN-BJ,{plate},{vin},{class},5,family,{energy},{thousands}000.00,{holder},{phone},{id},{starts},\
             {ends},yes,{thousands}000.00,{deductible},{third_party},{seats},{seats}"
        );
        insured.push(car);
    }
    (file, insured)
}

fn days_before(day: Date, days: i64) -> Date {
    day.saturating_sub(Span::new().days(days))
}
