//! The two frames: the customer's, one column between a top bar and the action, and the desk's, beside its navigation.

use std::borrow::Cow;

use app::words::{Lang, Words};
use maud::{DOCTYPE, Markup, html};

use crate::components::{hidden, icon};
use crate::viewer::{Theme, Viewer};
use crate::{Action, assets};

/// What frames a customer's page.
#[derive(Clone, Debug, Default)]
pub struct Customer<'a> {
    /// Title of the window, and of the bar where there is a way back.
    pub title: &'a str,
    /// The page before this one.
    pub back: Option<&'a str>,
    /// Step and number of steps.
    pub step: Option<(u32, u32)>,
    /// The bar at the bottom: the one main action, the way back to its left.
    pub bar: Option<Markup>,
    /// Scripts by the names of their sources.
    pub scripts: &'a [&'a str],
}

/// What frames a page of the desk.
#[derive(Clone, Debug, Default)]
pub struct Desk<'a> {
    /// Title of the window and the page.
    pub title: &'a str,
    /// The address in the navigation that this page belongs to.
    pub here: &'a str,
    /// Beside the title: state of what is shown, then at the right the main action.
    pub beside: Option<Markup>,
    /// At the right of the header: the main action.
    pub tools: Option<Markup>,
    /// Scripts by the names of their sources.
    pub scripts: &'a [&'a str],
}

/// Navigation of the desk: address, what it is for, icon, word.
const NAVIGATION: &[(&str, Action, &str, &str)] = &[
    ("/desk", Action::ReadClaims, "list-checks", "nav-work"),
    ("/desk/report", Action::ReportForCaller, "phone", "nav-report"),
    ("/desk/overview", Action::Overview, "chart-column", "nav-overview"),
    ("/desk/payments", Action::Payments, "banknote", "nav-payments"),
    ("/desk/accounts", Action::Accounts, "users", "nav-accounts"),
    ("/desk/webhooks", Action::Accounts, "send", "nav-webhooks"),
    ("/debug", Action::Operate, "gauge", "nav-debug"),
];

/// A page for customers.
pub fn customer(viewer: &Viewer, page: Customer<'_>, main: Markup) -> Markup {
    let words = viewer.words();
    document(
        viewer,
        page.title,
        "customer",
        page.scripts,
        html! {
            header.topbar {
                div.topbar-inner {
                    @match page.back {
                        Some(back) => {
                            a.topbar-link href=(back) aria-label=(words.say("shell-back")) { (icon("arrow-left")) }
                            span.topbar-title { (page.title) }
                        }
                        None => {
                            a.brand href="/" { (icon("car-front")) span.brand-name { (house(viewer)) } }
                            span.topbar-title {}
                        }
                    }
                    @if let Some((step, steps)) = page.step { span."topbar-note figures" { (step) " / " (steps) } }
                    (reading(viewer))
                }
                @if let Some((step, steps)) = page.step {
                    svg.progressbar viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true" {
                        rect.track width="100" height="3" {}
                        rect.done width=(100 * step / steps.max(1)) height="3" {}
                    }
                }
            }
            main #main tabindex="-1" {
                div.column { (main) }
                @if let Some(bar) = &page.bar { div.bottombar { div.bottombar-inner { (bar) } } }
            }
            @if page.bar.is_none() { footer.foot { (appearance(viewer)) } }
        },
    )
}

/// A page of the desk.
pub fn desk(viewer: &Viewer, page: Desk<'_>, main: Markup) -> Markup {
    let words = viewer.words();
    // Samples are shown to nobody in particular.
    let offered = |action: Action| viewer.present().is_none() || viewer.may(action);
    document(
        viewer,
        page.title,
        "desk",
        page.scripts,
        html! {
            nav.desk-nav aria-label=(words.say("shell-menu")) {
                a.brand href="/desk" { (icon("car-front")) (words.say("brand")) }
                ul {
                    @for (href, _, picture, code) in NAVIGATION.iter().filter(|(_, action, ..)| offered(*action)) {
                        li {
                            a href=(href) aria-current=[(*href == page.here).then_some("page")] {
                                (icon(picture)) (words.say(code))
                            }
                        }
                    }
                }
                @if let Some(present) = viewer.present() {
                    div.desk-who {
                        p { (present.name) }
                        form method="post" action="/sign-out" {
                            (viewer.form_marks(None))
                            button.button.button-plain type="submit" { (icon("log-out")) (words.say("shell-sign-out")) }
                        }
                    }
                }
            }
            header.desk-header {
                h1 { (page.title) }
                @if let Some(beside) = &page.beside { div.desk-header-beside { (beside) } }
                div.desk-header-tools {
                    @if let Some(tools) = &page.tools { (tools) }
                    details.settings {
                        summary.topbar-tool aria-label=(words.say("shell-settings")) { (icon("settings")) }
                        div.settings-sheet { (settings(viewer)) }
                    }
                }
            }
            main #main.desk-main tabindex="-1" { (main) }
        },
    )
}

fn document(viewer: &Viewer, title: &str, class: &str, scripts: &[&str], body: Markup) -> Markup {
    let words = viewer.words();
    html! {
        (DOCTYPE)
        html lang=(viewer.lang().tag()) data-theme=[viewer.theme().map(Theme::code)]
            data-elder[viewer.elder() && class == "customer"] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (if class == "customer" { house(viewer) } else { words.say("brand") }) }
                link rel="stylesheet" href=(assets::path("anpei.css"));
                link rel="icon" href=(assets::path("mark.svg")) type="image/svg+xml";
                @for script in scripts { script type="module" src=(assets::path(script)) {} }
            }
            body class=(class) {
                a.skip href="#main" { (words.say("shell-skip")) }
                (body)
            }
        }
    }
}

/// The insurer's name, where it has one: customers know it, and not the name of what it runs on.
fn house(viewer: &Viewer) -> Cow<'_, str> {
    match &viewer.insurer().name {
        Some(name) => name.as_str().into(),
        None => viewer.words().say("brand"),
    }
}

/// Language and text size, one tap each.
fn reading(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let other = other_language(viewer.lang());
    let (elder, label) = if viewer.elder() { ("off", "shell-elder-off") } else { ("on", "shell-elder-on") };
    choosing(
        viewer,
        html! {
            button.topbar-tool type="submit" name="lang" value=(other.code()) lang=(other.tag()) {
                (words.say("language-other"))
            }
            button.topbar-tool type="submit" name="elder" value=(elder) { (words.say(label)) }
        },
    )
}

fn settings(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        (choosing(viewer, html! {
            fieldset {
                legend { (words.say("shell-language")) }
                div.segments {
                    @for lang in Lang::ALL {
                        button.segment type="submit" name="lang" value=(lang.code()) lang=(lang.tag())
                            aria-pressed=(lang == viewer.lang()) { (Words::of(lang).say("language-name")) }
                    }
                }
            }
            (themes(viewer))
        }))
    }
}

fn appearance(viewer: &Viewer) -> Markup {
    choosing(viewer, themes(viewer))
}

fn themes(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        fieldset.themes {
            legend { (words.say("shell-theme")) }
            div.segments {
                @for (theme, code) in [
                    (None, "shell-theme-auto"),
                    (Some(Theme::Light), "shell-theme-light"),
                    (Some(Theme::Dark), "shell-theme-dark"),
                ] {
                    button.segment type="submit" name="theme" value=(theme.map_or("auto", Theme::code))
                        aria-pressed=(theme == viewer.theme()) { (words.say(code)) }
                }
            }
        }
    }
}

fn choosing(viewer: &Viewer, buttons: Markup) -> Markup {
    html! {
        form.choosing method="post" action="/preferences" {
            (viewer.form_marks(None))
            (hidden("back", viewer.address()))
            (buttons)
        }
    }
}

const fn other_language(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}
