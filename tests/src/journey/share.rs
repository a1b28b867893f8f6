//! Journeys 7, 8 and 9: somebody asks, the owner decides, data flows, and the owner looks back and ends it.

use serde_json::json;

use crate::asker::{self, App, Waiting};
use crate::{Desktop, Role, Sandbox};

/// Who the mandate is for: a key that is not ours.
const NORAS_KEY: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

/// Opens the door in the window, and gives the address that a program is told.
///
/// # Panics
/// When the page does not say it.
pub async fn open_the_door(desktop: &Desktop) -> String {
    desktop.press(Role::Link, "Sharing").await;
    desktop.page("Sharing").await;
    desktop.see("Nobody can reach this Satchel").await;
    desktop.press(Role::Button, "Let others reach it").await;
    desktop.see("Others can reach this Satchel").await;
    let said = desktop.see("Address to give to a program:").await;
    desktop.scene("7-door").await;
    address_in(&said)
}

/// Closes the door again: a window that is closed while it is open stays behind it.
///
/// # Panics
/// When the page does not say that it is closed.
pub async fn close_the_door(desktop: &Desktop) {
    desktop.visit("#/sharing").await;
    desktop.press(Role::Button, "Close the door").await;
    desktop.see("Nobody can reach this Satchel").await;
}

/// The address that the page gives.
pub(crate) fn address_in(said: &str) -> String {
    let address = said.split_whitespace().find(|word| word.starts_with("http://") && word.ends_with("/fhir"));
    address.unwrap_or_else(|| panic!("no address in: {said}")).to_owned()
}

/// A daughter's app asks; the owner looks, narrows, approves; it reads what is left, and that is seen.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn be_asked(desktop: &Desktop, sandbox: &Sandbox, fhir: &str) {
    let waiting = Waiting::at_the_daughters_app(sandbox, fhir);
    open_request(desktop, "Kindred").await;
    let page = desktop.see("They would see").await;
    let code = code_on(desktop).await;
    assert!(page.contains(&code) && waiting.says().contains(&code), "both screens show {code}");
    desktop.scene("7-request").await;
    narrow(desktop).await;
    desktop.scene("7-request-narrowed").await;
    desktop.press(Role::Button, "Share with Kindred until").await;
    desktop.page("You shared part of your record with Kindred").await;
    desktop.see("What happens next").await;
    desktop.scene("7-shared").await;

    let given = asker::get(&waiting.sent_back()).text;
    for words in [
        "What Kindred was given",
        "<h2>Conditions (0)</h2>",
        "Documents (not asked for)</h2><p class=\"wrong\">Refused: 403",
    ] {
        assert!(given.contains(words), "{words} in {given}");
    }
    let labs = given.split("<h2>Laboratory results (").nth(1).and_then(|rest| rest.split(')').next());
    assert!(labs.is_some_and(|count| count != "0"), "results flow: {given}");
}

/// Goes to the request that waits: it comes by itself while the page is open.
pub(crate) async fn open_request(desktop: &Desktop, name: &str) {
    desktop.visit("#/sharing").await;
    desktop.see("Waiting for your decision").await;
    desktop.press(Role::Link, name).await;
    desktop.page(&format!("{name} asks to see part of your record")).await;
    desktop.ready().await;
}

/// Leaves a kind out and says until when. The sentences and both sides of the seam follow.
async fn narrow(desktop: &Desktop) {
    desktop.press(Role::Summary, "Narrow it").await;
    desktop.press(Role::Checkbox, "Conditions").await;
    desktop.see("Left out: conditions.").await;
    let day = choose_day(desktop, "Until the end of this day", 200).await;
    desktop.see(&format!("Until the end of {day}.")).await;
    desktop.find(Role::Button, &format!("Share with Kindred until {day}")).await;
    desktop.ready().await;
}

/// Chooses a day so many days from now in the field with this label, and gives it as our sentences say it.
pub(crate) async fn choose_day(desktop: &Desktop, label: &str, days: u32) -> String {
    let [day, _, said] = day_from_now(desktop, days).await;
    desktop.paste(label, &day).await;
    said
}

/// The day so many days from now: as a field holds it, as it shows it on the system of the tests, and as our sentences
/// say it in the language of the window.
pub(super) async fn day_from_now(desktop: &Desktop, days: u32) -> [String; 3] {
    let ask = "const day = new Date(Date.now() + arguments[0] * 864e5);
        const month = day.toLocaleString(document.documentElement.lang, { month: 'short', timeZone: 'UTC' }).slice(0, 3);
        const [iso, y, m, d] = /^(\\d+)-(\\d+)-(\\d+)/.exec(day.toISOString());
        return [iso, `${m}/${d}/${y}`, `${Number(d)} ${month} ${y}`];";
    let day = desktop.window.execute(ask, vec![json!(days)]).await.expect("the page runs a script");
    [0, 1, 2].map(|at| day[at].as_str().expect("a day").to_owned())
}

async fn code_on(desktop: &Desktop) -> String {
    let ask = "return document.querySelector('.compare__code')?.textContent ?? '';";
    let code = desktop.window.execute(ask, Vec::new()).await.expect("the page runs a script");
    code.as_str().expect("a code to compare").trim().to_owned()
}

/// What they did with it, what they saw that day; and the end of it.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn look_at_the_share(desktop: &Desktop) {
    desktop.press(Role::Link, "Go to Sharing").await;
    desktop.page("Sharing").await;
    desktop.press(Role::Link, "Kindred").await;
    desktop.page("Kindred").await;
    desktop.see("Latest uses").await;
    desktop.see("Refused, without any data").await;
    desktop.scene("8-share").await;
    desktop.press(Role::Link, "What did they see on").await;
    desktop.page("What Kindred saw on").await;
    desktop.see("It matches the trail.").await;
    desktop.scene("8-day").await;
    desktop.press(Role::Link, "Open the share").await;
    desktop.page("Kindred").await;
    desktop.press(Role::Button, "End now").await;
    desktop.see("Nothing can be read by it any more").await;
    desktop.scene("8-ended").await;
}

/// An app is let in as it asked, reads, and is refused from the moment everything ends; asked again, the owner says no.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn end_and_refuse(desktop: &Desktop, fhir: &str) {
    let mut app = App::register(fhir, "Bedside Viewer");
    let waiting = app.ask("patient/Observation.rs patient/Patient.r");
    open_request(desktop, "Bedside Viewer").await;
    desktop.see("They would see").await;
    desktop.press(Role::Button, "Share with Bedside Viewer until").await;
    desktop.page("You shared part of your record with Bedside Viewer").await;
    app.redeem(&waiting.sent_back());
    let read = app.read("Observation?_count=1");
    assert!(read.status == 200 && read.json()["total"].as_u64().is_some_and(|total| total > 0), "{}", read.text);
    desktop.press(Role::Link, "Go to Sharing").await;
    desktop.page("Sharing").await;
    desktop.press(Role::Button, "End all sharing").await;
    desktop.see("has ended").await;
    assert_eq!(app.read("Observation?_count=1").status, 401, "the next request finds it ended");

    let waiting = app.ask("patient/*.rs");
    open_request(desktop, "Bedside Viewer").await;
    desktop.press(Role::Button, "Do not share").await;
    desktop.page("You did not share with Bedside Viewer").await;
    desktop.scene("8-refused").await;
    let back = waiting.sent_back();
    assert!(back.contains("error=access_denied") && !back.contains("code="), "{back}");
}

/// A contact gets everything except two topics, until a day.
///
/// # Panics
/// At the first step that is not as it must be.
pub async fn give_a_mandate(desktop: &Desktop) {
    desktop.visit("#/sharing?tab=contacts").await;
    desktop.press(Role::Link, "Add a contact").await;
    desktop.page("Add a contact").await;
    desktop.fill("Name", "Nora Calder").await;
    desktop.fill("Their key", NORAS_KEY).await;
    desktop.press(Role::Button, "Add this contact").await;
    desktop.see("who signs with").await;
    desktop.scene("9-contacts").await;
    desktop.press(Role::Link, "Give a mandate").await;
    desktop.page("Give Nora Calder a mandate").await;
    let day = choose_day(desktop, "Until", 100).await;
    desktop.see(&format!("Until the end of {day}.")).await;
    desktop.see("Left out: everything about Medications or Psychotherapy notes.").await;
    desktop.ready().await;
    desktop.scene("9-mandate").await;
    desktop.press(Role::Button, "Give Nora Calder this mandate until").await;
    desktop.page("You shared part of your record with Nora Calder").await;
    desktop.see(&format!("Until the end of {day}.")).await;
    desktop.scene("9-given").await;
}
