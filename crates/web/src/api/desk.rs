//! What staff do, for their programs.

use std::collections::BTreeMap;

use app::App;
use app::claims as model;
use app::pages::{ClaimPage, Found, Overview, PaymentsPage, WorkList, WorkQuery};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use lexicon::{ClaimId, Money};

use super::bodies::{
    AccountBody, AdjudicationBody, AgreedBody, AssessmentBody, CorrectionBody, FaultBody, InspectionBody,
    LossBody, Nothing, Page, PlateBody, PolicyBody, RefusalBody, ReopeningBody, Search, TeamBody, TermsBody,
    TextBody, TotalLossBody, VehicleBody, VictimBody, id, maybe_money, moment, money, picks, position,
    refused, share, word,
};
use super::read::{File, Post, kind, tagged};
use crate::{Problem, Viewer};

const ROWS: usize = 50;
const DONE: StatusCode = StatusCode::NO_CONTENT;

type Done = Result<StatusCode, Problem>;

/// One claim with all that staff see.
#[utoipa::path(get, path = "/api/v1/desk/claims/{claim}", operation_id = "show_to_staff", tag = "desk", params(("claim" = String, Path)),
    responses((status = 200, body = ClaimPage, headers(("ETag" = String, description = "The claim's version, for `If-Match`")))))]
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Response, Problem> {
    let page = app.staff_claim_page(&claim, viewer.words()).await?;
    Ok(tagged(page.version, &page))
}

/// Open tasks, the one due first first.
#[utoipa::path(get, path = "/api/v1/desk/work", tag = "desk", params(Page), responses((status = 200, body = WorkList)))]
pub(crate) async fn work(
    State(app): State<App>,
    viewer: Viewer,
    Query(page): Query<Page>,
) -> Result<Json<WorkList>, Problem> {
    let which = work_query(&viewer, page.which.as_deref())?;
    Ok(Json(app.work_list(&which, page.cursor.as_deref(), ROWS).await?))
}

/// The tasks that a word names: `all`, `mine`, `soon`, or a team.
pub(crate) fn work_query(viewer: &Viewer, which: Option<&str>) -> Result<WorkQuery, Problem> {
    match which.unwrap_or("all") {
        "all" => Ok(WorkQuery::All),
        "soon" => Ok(WorkQuery::DueSoon),
        "mine" => {
            let account = viewer.principal().and_then(|principal| principal.account.clone());
            account.map(WorkQuery::Mine).ok_or_else(Problem::unauthorized)
        }
        team => Ok(WorkQuery::Team(word::<model::Team>(team, "which")?.word().to_owned())),
    }
}

/// Claims by number, plate or phone.
#[utoipa::path(get, path = "/api/v1/desk/search", tag = "desk", params(Search), responses((status = 200, body = Vec<Found>)))]
pub(crate) async fn search(
    State(app): State<App>,
    Query(search): Query<Search>,
) -> Result<Json<Vec<Found>>, Problem> {
    Ok(Json(app.search(&search.q).await?))
}

/// The manager's overview of the last 30 days.
#[utoipa::path(get, path = "/api/v1/desk/overview", tag = "desk", responses((status = 200, body = Overview)))]
pub(crate) async fn overview(State(app): State<App>) -> Result<Json<Overview>, Problem> {
    Ok(Json(app.overview(30).await?))
}

/// Payments of one status (`sent` when left out): the reconciliation list.
#[utoipa::path(get, path = "/api/v1/desk/payments", tag = "desk", params(Page), responses((status = 200, body = PaymentsPage)))]
pub(crate) async fn payments(
    State(app): State<App>,
    Query(page): Query<Page>,
) -> Result<Json<PaymentsPage>, Problem> {
    let status = page.which.as_deref().unwrap_or("sent");
    if !["ordered", "sent", "confirmed", "rejected", "cancelled"].contains(&status) {
        return Err(refused("form.refused.word", "which").into());
    }
    Ok(Json(app.payments_page(status, page.cursor.as_deref(), ROWS).await?))
}

/// Records an inspection.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/inspection", tag = "desk", params(("claim" = String, Path)),
    request_body = InspectionBody, responses((status = 204, description = "Done")))]
pub(crate) async fn inspect(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<InspectionBody>,
) -> Done {
    app.inspect(&post.asked, &claim, &post.body.findings, position(post.body.position)?).await?;
    Ok(DONE)
}

/// Puts a vehicle's damage at an amount.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/assessment", tag = "desk", params(("claim" = String, Path)),
    request_body = AssessmentBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn assess(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AssessmentBody>,
) -> Done {
    let body = post.body;
    let total = body.total_loss.as_ref().map(total_loss).transpose()?;
    let rescue = maybe_money(body.rescue.as_ref(), "rescue")?.unwrap_or_default();
    app.assess(
        &post.asked,
        &claim,
        model::PartyId::from_text(&body.vehicle),
        picks(body.picks)?,
        total,
        rescue,
    )
    .await?;
    Ok(DONE)
}

fn total_loss(body: &TotalLossBody) -> Result<(Money, Money), Problem> {
    let salvage = maybe_money(body.salvage_kept.as_ref(), "salvage_kept")?.unwrap_or_default();
    Ok((money(&body.actual_value, "actual_value")?, salvage))
}

/// Determines the shares of fault.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/fault", tag = "desk", params(("claim" = String, Path)),
    request_body = FaultBody, responses((status = 204, description = "Done")))]
pub(crate) async fn fault(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<FaultBody>) -> Done {
    let shares = post
        .body
        .shares
        .iter()
        .map(|(vehicle, text)| Ok((model::PartyId::from_text(vehicle), share(text, "shares")?)));
    let shares = shares.collect::<Result<BTreeMap<_, _>, Problem>>()?;
    let source = word(&post.body.source, "source")?;
    app.determine_fault(&post.asked, &claim, model::FaultDetermined { shares, source }).await?;
    Ok(DONE)
}

/// States a vehicle's loss from papers.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/loss", tag = "desk", params(("claim" = String, Path)),
    request_body = LossBody, responses((status = 204, description = "Done")))]
pub(crate) async fn loss(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<LossBody>) -> Done {
    let body = post.body;
    let amount =
        |text: Option<&String>, field| Ok::<_, Problem>(maybe_money(text, field)?.unwrap_or_default());
    let total = body.total_loss.as_ref().map(total_loss).transpose()?;
    let stated = model::LossStated {
        vehicle: model::PartyId::from_text(&body.vehicle),
        repair: amount(body.repair.as_ref(), "repair")?,
        total_loss: total.map(|(actual_value, salvage_kept)| model::TotalLoss { actual_value, salvage_kept }),
        rescue: amount(body.rescue.as_ref(), "rescue")?,
        third_party_received: amount(body.third_party_received.as_ref(), "third_party_received")?,
        source: model::AmountSource::Person,
    };
    app.state_loss(&post.asked, &claim, stated).await?;
    Ok(DONE)
}

/// A vehicle's side claims nothing from us.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/waiver", tag = "desk", params(("claim" = String, Path)),
    request_body = VehicleBody, responses((status = 204, description = "Done")))]
pub(crate) async fn waive(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<VehicleBody>,
) -> Done {
    app.waive_loss(&post.asked, &claim, model::PartyId::from_text(&post.body.vehicle)).await?;
    Ok(DONE)
}

/// States the covers of a vehicle that is insured elsewhere.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/terms", tag = "desk", params(("claim" = String, Path)),
    request_body = TermsBody, responses((status = 204, description = "Done")))]
pub(crate) async fn terms(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<TermsBody>) -> Done {
    let body = post.body;
    let deductible = maybe_money(body.deductible.as_ref(), "deductible")?.unwrap_or_default();
    let terms = model::Terms {
        compulsory: body.compulsory,
        own_damage: maybe_money(body.own_damage.as_ref(), "own_damage")?
            .map(|sum_insured| (sum_insured, deductible)),
        third_party: maybe_money(body.third_party.as_ref(), "third_party")?,
        driver: maybe_money(body.driver.as_ref(), "driver")?,
        passengers: maybe_money(body.passengers.as_ref(), "passengers")?,
        ..model::Terms::default()
    };
    app.state_terms(&post.asked, &claim, model::PartyId::from_text(&body.vehicle), terms).await?;
    Ok(DONE)
}

/// States what a person or outside property lost.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/victims", tag = "desk", params(("claim" = String, Path)),
    request_body = VictimBody, responses((status = 204, description = "Done")))]
pub(crate) async fn victim(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<VictimBody>,
) -> Done {
    let body = post.body;
    let person = body
        .id
        .strip_prefix('P')
        .and_then(|number| number.parse::<usize>().ok())
        .filter(|number| (1..=99).contains(number));
    let number = person.ok_or_else(|| refused("form.refused.word", "id"))?;
    let amount =
        |text: Option<&String>, field| Ok::<_, Problem>(maybe_money(text, field)?.unwrap_or_default());
    let seat = if body.driver { model::Seat::Driver } else { model::Seat::Passenger };
    let victim = model::Victim {
        id: model::PartyId::victim(number - 1),
        seat: body.vehicle.as_deref().map(|vehicle| (model::PartyId::from_text(vehicle), seat)),
        death_disability: amount(body.death_disability.as_ref(), "death_disability")?,
        mental: amount(body.mental.as_ref(), "mental")?,
        medical: amount(body.medical.as_ref(), "medical")?,
        medical_outside: amount(body.medical_outside.as_ref(), "medical_outside")?,
        property: amount(body.property.as_ref(), "property")?,
    };
    app.state_victim(&post.asked, &claim, victim).await?;
    Ok(DONE)
}

/// Corrects what was told of the accident.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/correction", tag = "desk", params(("claim" = String, Path)),
    request_body = CorrectionBody, responses((status = 204, description = "Done")))]
pub(crate) async fn correct(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<CorrectionBody>,
) -> Done {
    let body = post.body;
    let corrected = model::CircumstancesCorrected {
        occurred_at: body.occurred_at.as_deref().map(|at| moment(at, "occurred_at")).transpose()?,
        cause: body.cause.as_deref().map(|cause| word(cause, "cause")).transpose()?,
        injury: body.injury.as_deref().map(|injury| word(injury, "injury")).transpose()?,
        other_property: body.other_property,
    };
    app.correct(&post.asked, &claim, corrected).await?;
    Ok(DONE)
}

/// Adds a vehicle that turned out to have been in the accident.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/vehicles", tag = "desk", params(("claim" = String, Path)),
    request_body = PlateBody, responses((status = 204, description = "Done")))]
pub(crate) async fn add_vehicle(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<PlateBody>,
) -> Done {
    let plate = post
        .body
        .plate
        .as_deref()
        .map(|plate| plate.parse().map_err(|_| refused("form.refused.plate", "plate")))
        .transpose()?;
    app.add_vehicle(&post.asked, &claim, plate.as_ref()).await?;
    Ok(DONE)
}

/// All sides agree on mutual self-claim, or take it back.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/self-claim", tag = "desk", params(("claim" = String, Path)),
    request_body = AgreedBody, responses((status = 204, description = "Done")))]
pub(crate) async fn self_claim(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AgreedBody>,
) -> Done {
    app.agree_self_claim(&post.asked, &claim, post.body.agreed).await?;
    Ok(DONE)
}

/// Sets the policy by hand.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/policy", tag = "desk", params(("claim" = String, Path)),
    request_body = PolicyBody, responses((status = 204, description = "Done")))]
pub(crate) async fn policy(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<PolicyBody>,
) -> Done {
    app.set_policy(&post.asked, &claim, &id(&post.body.policy, "policy")?).await?;
    Ok(DONE)
}

/// Chooses where a payee is paid.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/account", tag = "desk", params(("claim" = String, Path)),
    request_body = AccountBody, responses((status = 204, description = "Done")))]
pub(crate) async fn payee(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AccountBody>,
) -> Done {
    let payee = post.body.payee.as_deref().map(model::PartyId::from_text);
    app.choose_account(&post.asked, &claim, payee, &post.body.account()?).await?;
    Ok(DONE)
}

/// Approves the last adjudication; above the four-eyes amount, as the first or the second of two people.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/approval", tag = "desk", params(("claim" = String, Path)),
    request_body = AdjudicationBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn approve(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<AdjudicationBody>,
) -> Done {
    app.approve(&post.asked, &claim, post.body.adjudication).await?;
    Ok(DONE)
}

/// Declines, on a clause and with a reason; above the four-eyes amount, proposes to.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/refusal", tag = "desk", params(("claim" = String, Path)),
    request_body = RefusalBody, responses((status = 204, description = "Done"), (status = 403, description = "No authority")))]
pub(crate) async fn decline(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<RefusalBody>,
) -> Done {
    app.decline(&post.asked, &claim, &post.body.clause, &post.body.reason).await?;
    Ok(DONE)
}

/// Passes the claim on to a team.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/referral", tag = "desk", params(("claim" = String, Path)),
    request_body = TeamBody, responses((status = 204, description = "Done")))]
pub(crate) async fn refer(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<TeamBody>) -> Done {
    app.refer(&post.asked, &claim, word(&post.body.team, "team")?).await?;
    Ok(DONE)
}

/// Closes the claim by hand.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/closure", tag = "desk", params(("claim" = String, Path)),
    request_body = Nothing, responses((status = 204, description = "Done")))]
pub(crate) async fn close(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<Nothing>) -> Done {
    app.close(&post.asked, &claim).await?;
    Ok(DONE)
}

/// Opens a claim again.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/reopening", tag = "desk", params(("claim" = String, Path)),
    request_body = ReopeningBody, responses((status = 204, description = "Done")))]
pub(crate) async fn reopen(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    post: Post<ReopeningBody>,
) -> Done {
    app.reopen(&post.asked, &claim, word(&post.body.cause, "cause")?, &post.body.reason).await?;
    Ok(DONE)
}

/// Writes a note.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/notes", tag = "desk", params(("claim" = String, Path)),
    request_body = TextBody, responses((status = 204, description = "Done")))]
pub(crate) async fn note(State(app): State<App>, Path(claim): Path<ClaimId>, post: Post<TextBody>) -> Done {
    app.add_note(&post.asked, &claim, &post.body.text).await?;
    Ok(DONE)
}

/// Gives a task to a team or person.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/tasks/{task}/assignment", tag = "desk",
    params(("claim" = String, Path), ("task" = u32, Path)), request_body = TeamBody,
    responses((status = 204, description = "Done")))]
pub(crate) async fn assign(
    State(app): State<App>,
    Path((claim, task)): Path<(ClaimId, u32)>,
    post: Post<TeamBody>,
) -> Done {
    let to = post.body.to.as_deref().map(|to| id(to, "to")).transpose()?;
    app.assign(&post.asked, &claim, task, word(&post.body.team, "team")?, to).await?;
    Ok(DONE)
}

/// Finishes a task.
#[utoipa::path(post, path = "/api/v1/desk/claims/{claim}/tasks/{task}/done", tag = "desk",
    params(("claim" = String, Path), ("task" = u32, Path)), request_body = Nothing,
    responses((status = 204, description = "Done")))]
pub(crate) async fn finish(
    State(app): State<App>,
    Path((claim, task)): Path<(ClaimId, u32)>,
    post: Post<Nothing>,
) -> Done {
    app.finish_task(&post.asked, &claim, task).await?;
    Ok(DONE)
}

/// What an import did.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ImportBody {
    /// Policies entered.
    entered: usize,
    /// Policies that were known.
    known: usize,
    /// What is wrong with the other rows.
    refused: Vec<RemarkBody>,
}

/// What is wrong with a row.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RemarkBody {
    /// The line where the row begins.
    line: u64,
    /// The column.
    column: Option<String>,
    /// Code of what is wrong.
    code: String,
}

/// Enters policies from a file: `text/csv` or `application/json`.
#[utoipa::path(post, path = "/api/v1/policies/import", tag = "desk",
    request_body(content((String = "text/csv"), (Vec<serde_json::Value> = "application/json"))), responses((status = 200, body = ImportBody)))]
pub(crate) async fn import(
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    file: File,
) -> Result<Json<ImportBody>, Problem> {
    let format = match kind(&headers).to_ascii_lowercase().as_str() {
        "application/json" => app::claims::Format::Json,
        "text/csv" => app::claims::Format::Csv,
        _ => return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    };
    // Each row is entered once by its number, so the file needs no key of its own.
    let asked = app::Request { key: None, ..file.asked };
    let report = app.import_policies(&asked, &file.bytes, format).await?;
    let remark = |remark: &app::claims::Remark| RemarkBody {
        line: remark.line,
        column: remark.column.as_ref().map(ToString::to_string),
        code: remark.problem.to_string(),
    };
    let refused = report.refused.iter().map(remark).collect();
    Ok(Json(ImportBody { entered: report.entered, known: report.known, refused }))
}
