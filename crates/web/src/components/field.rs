//! Fields of a form, each with its label, hint and error tied to it.

use std::borrow::Cow;

use app::words::Words;
use maud::{Markup, html};

use super::icon;

/// What is wrong in a form, in the order of its fields.
#[derive(Clone, Debug, Default)]
pub struct Mistakes(Vec<(String, String)>);

/// A field: name, label and what surrounds them. Finish it with the method of its kind.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    words: &'a Words,
    name: &'a str,
    label: &'a str,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    optional: bool,
    heading: bool,
}

/// One of several to choose from.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub text: Cow<'a, str>,
    /// A line beneath it.
    pub note: Option<Cow<'a, str>>,
    /// A drawing above it.
    pub picture: Option<Markup>,
}

impl Mistakes {
    /// None yet.
    pub fn new() -> Mistakes {
        Mistakes::default()
    }

    /// Notes `sentence` at the field `name`.
    pub fn note(&mut self, name: &str, sentence: impl Into<String>) {
        self.0.push((name.to_owned(), sentence.into()));
    }

    /// Whether all is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong at `name`.
    pub fn at(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }
}

impl<'a> Field<'a> {
    /// A field called `name`; `label` is a code of the catalogue.
    pub fn new(words: &'a Words, name: &'a str, label: &'a str) -> Field<'a> {
        Field { words, name, label, hint: None, error: None, optional: false, heading: false }
    }

    /// With a hint, by its code.
    pub fn hint(self, code: &'a str) -> Field<'a> {
        Field { hint: Some(code), ..self }
    }

    /// With what is wrong with it, if anything is.
    pub fn checked(self, mistakes: &'a Mistakes) -> Field<'a> {
        Field { error: mistakes.at(self.name), ..self }
    }

    /// May be left empty.
    pub fn optional(self) -> Field<'a> {
        Field { optional: true, ..self }
    }

    /// The one question of its page: its label is the heading.
    pub fn heading(self) -> Field<'a> {
        Field { heading: true, ..self }
    }

    /// One line of text. `kind` is the type of input: `text`, `tel`, `date`, `datetime-local`, `password`, `search`.
    pub fn text(self, kind: &str, value: &str, autocomplete: Option<&str>) -> Markup {
        self.input("input", kind, None, value, autocomplete)
    }

    /// A short text in capitals and figures: a plate, a VIN, a number.
    pub fn code(self, value: &str, autocomplete: Option<&str>) -> Markup {
        self.input("input input-code input-short", "text", None, value, autocomplete)
    }

    /// An amount in yuan.
    pub fn money(self, value: &str) -> Markup {
        self.input("input input-money input-short", "text", Some("decimal"), value, None)
    }

    /// Several lines of text.
    pub fn area(self, value: &str) -> Markup {
        self.framed(html! {
            textarea.input id=(self.name) name=(self.name) rows="4" required[!self.optional]
                aria-invalid=[self.error.map(|_| "true")] aria-describedby=[self.described()] { (value) }
        })
    }

    /// One of a list that unfolds.
    pub fn select(self, choices: &[Choice<'_>], chosen: &str) -> Markup {
        self.framed(html! {
            select.input id=(self.name) name=(self.name) aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[self.described()] {
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.text) }
                }
            }
        })
    }

    /// One of a few, each a row.
    pub fn radios(self, choices: &[Choice<'_>], chosen: &str) -> Markup {
        self.choices("choices", "radio", choices, &[chosen])
    }

    /// One of a few, each a drawing.
    pub fn pictures(self, choices: &[Choice<'_>], chosen: &str) -> Markup {
        self.choices("pictures", "radio", choices, &[chosen])
    }

    /// One of a few, each a drawing; what is rarer unfolds beneath as rows, under the code `label`.
    pub fn pictures_and_more(
        self,
        choices: &[Choice<'_>],
        label: &str,
        more: &[Choice<'_>],
        chosen: &str,
    ) -> Markup {
        let rare = more.iter().any(|choice| choice.value == chosen);
        self.group(html! {
            div.pictures { (self.options("radio", choices, &[chosen], 0)) }
            details.more open[rare] {
                summary { (self.words.say(label)) span.icon-turns { (icon("chevron-down")) } }
                div.choices { (self.options("radio", more, &[chosen], choices.len())) }
            }
        })
    }

    /// Any of a few, each a row.
    pub fn checkboxes(self, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
        self.choices("choices", "checkbox", choices, chosen)
    }

    /// Photos from the album.
    pub fn photos(self) -> Markup {
        self.file("image/jpeg,image/png,image/heic", None)
    }

    /// Photos by the camera at once; where there is none, from the album.
    pub fn camera(self) -> Markup {
        self.file("image/*", Some("environment"))
    }

    fn file(self, accept: &str, capture: Option<&str>) -> Markup {
        self.framed(html! {
            input.file id=(self.name) name=(self.name) type="file" accept=(accept) capture=[capture] multiple
                aria-invalid=[self.error.map(|_| "true")] aria-describedby=[self.described()];
        })
    }

    fn input(
        self,
        class: &str,
        kind: &str,
        mode: Option<&str>,
        value: &str,
        autocomplete: Option<&str>,
    ) -> Markup {
        self.framed(html! {
            input id=(self.name) class=(class) name=(self.name) type=(kind) inputmode=[mode] value=(value)
                autocomplete=[autocomplete] required[!self.optional] aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[self.described()];
        })
    }

    fn framed(self, control: Markup) -> Markup {
        html! {
            div.field.field-wrong[self.error.is_some()] {
                @if self.heading {
                    h1 { label for=(self.name) { (self.head()) } }
                } @else {
                    label for=(self.name) { (self.head()) }
                }
                (self.around())
                (control)
            }
        }
    }

    fn choices(self, class: &str, kind: &str, choices: &[Choice<'_>], chosen: &[&str]) -> Markup {
        self.group(html! { div class=(class) { (self.options(kind, choices, chosen, 0)) } })
    }

    fn group(self, choices: Markup) -> Markup {
        html! {
            fieldset.field.field-wrong[self.error.is_some()] aria-describedby=[self.described()] {
                legend { @if self.heading { h1 { (self.head()) } } @else { (self.head()) } }
                (self.around())
                (choices)
            }
        }
    }

    fn options(self, kind: &str, choices: &[Choice<'_>], chosen: &[&str], before: usize) -> Markup {
        html! {
            @for (place, choice) in choices.iter().enumerate() {
                // The first one carries the field's own id, so that the summary of mistakes can lead here.
                @let first = before + place == 0;
                @let id = if first { self.name.to_owned() } else { format!("{}-{}", self.name, choice.value) };
                label.choice for=(id) {
                    input id=(id) type=(kind) name=(self.name) value=(choice.value)
                        checked[chosen.contains(&choice.value)] required[kind == "radio" && !self.optional];
                    @if let Some(picture) = &choice.picture { (picture) }
                    span.choice-text {
                        (choice.text)
                        @if let Some(note) = &choice.note { span.choice-note { (note) } }
                    }
                }
            }
        }
    }

    fn head(self) -> Markup {
        html! {
            (self.words.say(self.label))
            @if self.optional { " " span.field-mark { "(" (self.words.say("field-optional")) ")" } }
        }
    }

    fn around(self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { p.field-hint id={ (self.name) "-hint" } { (self.words.say(hint)) } }
            @if let Some(error) = self.error {
                p.field-error id={ (self.name) "-error" } { (icon("circle-alert")) (error) }
            }
        }
    }

    fn described(self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }
}

impl<'a> Choice<'a> {
    /// A choice without more.
    pub fn new(value: &'a str, text: impl Into<Cow<'a, str>>) -> Choice<'a> {
        Choice { value, text: text.into(), note: None, picture: None }
    }

    /// With a line beneath.
    pub fn note(self, note: impl Into<Cow<'a, str>>) -> Choice<'a> {
        Choice { note: Some(note.into()), ..self }
    }

    /// With a drawing.
    pub fn picture(self, picture: Markup) -> Choice<'a> {
        Choice { picture: Some(picture), ..self }
    }
}

/// What is wrong, at the head of the form, each a link to its field. Takes the focus when the page opens.
pub fn summary(words: &Words, mistakes: &Mistakes) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            section.summary role="alert" tabindex="-1" autofocus {
                h2 { (words.say_with("field-summary-title", &[("count", mistakes.0.len().into())])) }
                p.note { (words.say("field-summary-hint")) }
                ul { @for (name, sentence) in &mistakes.0 { li { a href={ "#" (name) } { (sentence) } } } }
            }
        }
    }
}

/// A value that travels unseen.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Lang;

    #[test]
    fn a_wrong_field_is_tied_to_its_hint_and_its_error() {
        let mut mistakes = Mistakes::new();
        mistakes.note("plate", "车牌不完整");
        let words = Words::of(Lang::Zh);
        let markup = Field::new(words, "plate", "field-required")
            .hint("field-choose")
            .checked(&mistakes)
            .code("京A1", None);
        let text = markup.into_string();
        assert!(text.contains(r#"aria-invalid="true" aria-describedby="plate-hint plate-error""#), "{text}");
        assert!(text.contains(r#"<label for="plate">"#), "{text}");
        let summary = summary(words, &mistakes).into_string();
        assert!(summary.contains(r##"<a href="#plate">车牌不完整</a>"##), "{summary}");
    }

    #[test]
    fn what_a_person_typed_cannot_become_markup() {
        let text = Field::new(Words::of(Lang::En), "note", "field-required")
            .area("</textarea><script>")
            .into_string();
        assert!(text.contains("&lt;/textarea&gt;&lt;script&gt;"), "{text}");
    }
}
