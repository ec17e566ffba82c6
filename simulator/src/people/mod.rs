//! The people of the world, as small state machines: whatever they do next follows from what they see.

mod ask;
mod customer;
mod duty;
mod staff;

use std::sync::{Mutex, PoisonError};

use app::{App, Principal};

pub use ask::Op;
pub use customer::{Customer, Persona, Planned};
pub use staff::{Staff, roster};

use crate::dice::Dice;
use crate::world::World;

/// Somebody.
pub struct Person {
    /// Their name in the world.
    pub name: String,
    /// Who they are to the product, once their account is open.
    pub principal: Principal,
    /// What they do.
    pub part: Part,
    /// Their dice; they outlive every crash of the product.
    pub dice: Mutex<Dice>,
}

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Part {
    /// Has accidents.
    Customer(Customer),
    /// Works for the insurer.
    Staff(Staff),
}

impl Person {
    /// Rolls the dice.
    pub fn roll<T>(&self, roll: impl FnOnce(&mut Dice) -> T) -> T {
        roll(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One turn of the person numbered `me`.
pub async fn turn(world: &World, app: &App, me: usize) {
    let person = &world.people[me];
    if let Some(seconds) = world.weather.jump() {
        world.note(format_args!("the clock jumps by {seconds} s"));
        world.clock.jump(seconds);
    }
    let calm = world.weather.is_calm();
    if let Some(open) = world.requests.open_of(me) {
        if calm || person.roll(|dice| dice.chance(850)) {
            world.deliver(app, open).await;
        } else {
            world.requests.abandon(open);
        }
        return;
    }
    // A line that delivers twice may take its time.
    if world.weather.duplicates()
        && let Some(again) = world.requests.some_told_of(me, person)
    {
        world.deliver(app, again).await;
        return;
    }
    let next = match &person.part {
        Part::Customer(customer) => customer.next(world, app, me).await,
        Part::Staff(staff) => staff.next(world, app, me).await,
    };
    match next {
        Ok(Some(op)) => world.ask(app, me, op).await,
        Ok(None) => {}
        Err(failure) => world.note(format_args!("{}: cannot look: {failure}", person.name)),
    }
}
