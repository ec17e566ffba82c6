//! An insurer with invented people, for trying the system out and for tests.
//!
//! Every claim is made through the use cases that pages and programs use; [`director`] lets two months go by in seconds meanwhile.
//! Start reading at [`seed`]; what happens to a claim is told in [`stories`].

mod director;
mod insurer;
mod people;
mod pictures;
mod scene;
mod stories;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use app::{App, Failure};
use connectors::Behaviour;
use tokio::task::JoinSet;

pub use director::PastClock;
pub use insurer::{Accounts, DemoAccount, SECOND};

use director::Director;
use scene::Scene;

/// How far back the first claims lie.
const DAYS: i64 = 60;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What all is drawn from: the same seed gives the same people and the same stories.
    pub seed: u64,
    /// How many claims.
    pub claims: usize,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Claims that were told to their end.
    pub claims: usize,
    /// Stories that stopped on the way, which should not happen.
    pub stopped: usize,
}

/// Claims that are being made.
pub struct Seeding {
    director: Arc<Director>,
    stories: JoinSet<Result<(), Failure>>,
    seeded: Seeded,
}

/// Opens the accounts, enters the policies, and begins to make claims. The reactor must be running.
pub async fn begin(app: &App, clock: &Arc<PastClock>, plan: Plan) -> Result<(Accounts, Seeding)> {
    let end = clock.real_now();
    clock.reach(end.plus_seconds(-DAYS * 86_400));
    let (world, accounts) = insurer::found(app, plan).await?;
    let world = Arc::new(world);
    let director = Arc::new(Director::new(clock.clone()));
    let mut stories = JoinSet::new();
    for (number, story) in stories::cast(plan, end, &world).into_iter().enumerate() {
        let turn = director.enter(story.starts);
        let (director, world) = (director.clone(), world.clone());
        stories.spawn(async move {
            turn.await;
            let mut scene = Scene::new(world, director.clone(), number, &story, plan.seed);
            let told = stories::tell(&mut scene, story.kind).await;
            director.leave(scene.hour());
            told.inspect_err(|failure| tracing::warn!(story = ?story.kind, %failure, "a story stopped"))
        });
    }
    director.begin();
    Ok((accounts, Seeding { director, stories, seeded: Seeded::default() }))
}

impl Seeding {
    /// Waits until all is made, at most for `patience`; says whether it is.
    pub async fn wait(&mut self, patience: Duration) -> bool {
        let all = async {
            while let Some(told) = self.stories.join_next().await {
                match told {
                    Ok(Ok(())) => self.seeded.claims += 1,
                    Ok(Err(_)) => self.seeded.stopped += 1,
                    Err(problem) => {
                        tracing::error!(%problem, "a story broke");
                        self.seeded.stopped += 1;
                    }
                }
            }
        };
        tokio::time::timeout(patience, all).await.is_ok()
    }

    /// From here on the time is the real one; what is left happens at once.
    pub fn arrive_in_the_present(&self) {
        self.director.arrive();
    }

    /// What was made so far.
    pub fn seeded(&self) -> Seeded {
        self.seeded
    }
}

/// Whether `app` holds nothing yet.
pub fn is_new(app: &App) -> bool {
    *app.ports().journal.head().borrow() == 0
}

/// The accounts of a demo that was made before.
pub async fn known(app: &App) -> Result<Accounts> {
    insurer::known(app).await.map_err(|failure| anyhow!("{failure}"))
}

/// How the demo's bank deals with the account `number`: its last digits say so.
pub fn behaviour(number: &str) -> Behaviour {
    people::Purse::of(number).behaviour()
}
