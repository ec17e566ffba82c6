//! A payment of which only the bank knows, as after a restore: staff say what it was.

use app::App;
use app::ports::PaymentInstruction;
use books::{HoldEvent, PaymentsHeld, hold_stream};
use journal::{Actor, Append, Event, Write};
use lexicon::Money;
use rulebook::Tables;
use serde_json::json;

use crate::house::{House, PAYMENT};
use crate::journey::desk;

/// Payments wait since a restore, and the bank's statement has one for `claim` that the books do not know.
pub async fn succeed(house: &House, claim: &str) {
    let (ports, at) = (house.app.ports(), house.app.now());
    let paid = PaymentInstruction {
        reference: PAYMENT.parse().unwrap(),
        amount: Money::from_fen(56_000),
        account: "6222020200112233446".to_owned(),
        name: "陈牧之".to_owned(),
        claim: claim.parse().unwrap(),
    };
    ports.bank.pay(paid).await.unwrap();
    let held = HoldEvent::from(PaymentsHeld { restored_to: 0, last_entry_at: at, at }).encode();
    let writes = vec![Write { stream: hold_stream(), expected: 0, events: vec![held] }];
    let actor = Actor::system("restore");
    let append = Append { writes, guards: vec![], at, actor, caused_by: None, idempotency: None };
    ports.journal.append(append).await.unwrap();
    // A process that starts after the restore.
    let process = App::new(ports.clone(), Tables::shipped().unwrap());
    let found = process.reconcile(false).await.unwrap();
    assert_eq!(found.for_people.len(), 1, "{found:?}");
    house.settle().await;

    let finding = desk("payments/{payment}/finding");
    let call = house.call(&finding, claim).await.with("idempotency-key", house.key());
    let etag = house
        .ask(&house.call("GET /api/v1/desk/claims/{claim}", claim).await)
        .await
        .header("etag")
        .to_owned();
    let without = call.with("if-match", etag).json(&json!({ "is": "set-aside", "reason": " " }));
    let refused = house.ask(&without).await.json();
    assert_eq!(
        (&refused["code"], &refused["errors"][0]["field"]),
        (&json!("form.refused.empty"), &json!("reason")),
        "{refused}"
    );
    let body = json!({ "is": "set-aside", "reason": "银行已退回，流水号 R-1" });
    house.at_desk("payments/{payment}/finding", claim, body).await;
}
