//! The three pages a person sees, as plain HTML forms without script.

use crate::page::{escape, page};
use crate::world::Choice;

use super::flow::Request;

/// The hidden members every form carries.
pub(super) struct Hidden<'a> {
    pub(super) flow: &'a str,
    pub(super) csrf: &'a str,
}

impl Hidden<'_> {
    fn html(&self) -> String {
        let (flow, csrf) = (escape(self.flow), escape(self.csrf));
        format!(
            "<input type=\"hidden\" name=\"flow\" value=\"{flow}\"><input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">"
        )
    }
}

pub(super) fn sign_in(request: &Request, hidden: &Hidden<'_>, wrong: Option<&str>) -> String {
    let system = request.system.name();
    let wrong =
        wrong.map_or_else(String::new, |text| format!("<p class=\"wrong\" role=\"alert\" id=\"wrong\">{text}</p>"));
    let described = if wrong.is_empty() { "" } else { " aria-describedby=\"wrong\" aria-invalid=\"true\"" };
    page(
        &format!("Sign in to {system}"),
        &format!(
            "<h1>Sign in to {system}</h1>{wrong}\
             <p>{} wants to read a health record that is kept here.</p>\
             <form method=\"post\" action=\"/signin\">{}\
             <label for=\"username\">User name</label>\
             <input type=\"text\" id=\"username\" name=\"username\" autocomplete=\"username\" required autofocus{described}>\
             <label for=\"password\">Password</label>\
             <input type=\"password\" id=\"password\" name=\"password\" autocomplete=\"current-password\" required>\
             <button type=\"submit\" id=\"sign-in\">Sign in</button></form>",
            escape(&request.client_name),
            hidden.html(),
        ),
    )
}

pub(super) fn choose(request: &Request, hidden: &Hidden<'_>, people: &[(usize, &Choice)]) -> String {
    let mut rows = String::new();
    for (at, (position, choice)) in people.iter().enumerate() {
        let checked = if at == 0 { " checked" } else { "" };
        let relation = if choice.relation == "self" { "you".to_owned() } else { format!("your {}", choice.relation) };
        rows.push_str(&format!(
            "<div class=\"choice\"><input type=\"radio\" name=\"person\" id=\"person-{position}\" value=\"{position}\"{checked}>\
             <label for=\"person-{position}\">{} ({}, born {})</label></div>",
            escape(&choice.name),
            escape(&relation),
            escape(choice.birth.as_deref().unwrap_or("not stated")),
        ));
    }
    page(
        "Choose a record",
        &format!(
            "<h1>Whose record?</h1><p>{} will be connected to the record you choose.</p>\
             <form method=\"post\" action=\"/choose\">{}<fieldset><legend>Records you may use</legend>{rows}</fieldset>\
             <button type=\"submit\" id=\"continue\">Continue</button></form>",
            escape(&request.client_name),
            hidden.html(),
        ),
    )
}

pub(super) fn approve(request: &Request, hidden: &Hidden<'_>, choice: &Choice) -> String {
    let mut rows = String::new();
    for (at, scope) in request.scopes.data.iter().enumerate() {
        rows.push_str(&format!(
            "<div class=\"choice\"><input type=\"checkbox\" name=\"scope\" id=\"scope-{at}\" value=\"{}\" checked>\
             <label for=\"scope-{at}\">{}</label></div>",
            escape(scope.text()),
            escape(&scope.words()),
        ));
    }
    let lasting = if request.scopes.has("offline_access") {
        "<p>It may keep access when you are not there, until you end it.</p>"
    } else {
        "<p>Its access ends by itself after a while.</p>"
    };
    page(
        "Allow access",
        &format!(
            "<h1>Let {client} read the record of {name}?</h1>\
             <form method=\"post\" action=\"/approve\">{}<input type=\"hidden\" name=\"narrow\" value=\"yes\">\
             <fieldset><legend>{client} may</legend>{rows}</fieldset>{lasting}\
             <button type=\"submit\" id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\
             <button type=\"submit\" id=\"deny\" name=\"decision\" value=\"deny\">Do not allow</button></form>",
            hidden.html(),
            client = escape(&request.client_name),
            name = escape(&choice.name),
        ),
    )
}

/// A page that says why nothing can go on.
pub(super) fn stop(words: &str) -> String {
    page(
        "This cannot go on",
        &format!("<h1>This cannot go on</h1><p class=\"wrong\" role=\"alert\">{}</p>", escape(words)),
    )
}
