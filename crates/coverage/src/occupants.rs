//! Occupants (车上人员): what the people in the vehicle are still short of, by fault, seat by seat.

use lexicon::Money;

use crate::items::Item;
use crate::parties::Party;
use crate::{
    Accident, Cover, Exact, Line, Payee, Refusal, Seat, Step, clauses, items, liability, riders, rounding,
};

/// The lines of all seats.
pub(crate) fn lines(
    accident: &Accident,
    parties: &[Party],
    items: &[Item<'_>],
    absorbed: &[Money],
    lines: &mut Vec<Line>,
) -> Result<(), Refusal> {
    for (payer, vehicle) in accident.vehicles.iter().enumerate() {
        let Some(policy) = &vehicle.policy else { continue };
        for (occupant, person) in vehicle.occupants.iter().enumerate() {
            let (cover, limit) = match person.seat {
                Seat::Driver => (Cover::Driver, policy.driver),
                Seat::Passenger => (Cover::Passengers, policy.passengers),
            };
            let Some(limit) = limit else { continue };
            let payee = Payee::Occupant { vehicle: payer, occupant };
            let mut because = Vec::with_capacity(6);
            let mut due = Exact::ZERO;
            for (index, item) in items.iter().enumerate().filter(|(_, item)| item.payee == payee) {
                items::explain(accident, item, &mut because);
                due = &due + &liability::derive(&parties[payer], item, absorbed[index], &mut because);
            }
            let mut pay = Step::SeatLimit { due, limit }.onto(&mut because);
            pay = clauses::deduct_duty(policy, cover, parties[payer].fault, pay, &mut because);
            pay = riders::deduct(riders::deductible_rate(policy, cover), pay, &mut because);
            let amount = Money::from_fen(rounding::alone(&pay)?);
            if !amount.is_zero() {
                because.push(Step::Rounded { exact: pay.clone(), group: pay, amount });
                lines.push(Line { payer, paid_by: payer, cover, payee, bucket: None, amount, because });
            }
        }
    }
    Ok(())
}
