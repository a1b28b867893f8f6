//! Sharing in its states, with somebody outside the window who really asks.

use super::Walk;
use crate::Role;
use crate::asker::{self, App, Waiting};
use crate::journey::{choose_day, close_the_door, open_request, open_the_door};

const NORAS_KEY: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

impl Walk {
    pub(super) async fn sharing(&self) {
        let fhir = open_the_door(&self.desktop).await;
        self.see("sharing-open").await;
        self.asked(&fhir).await;
        self.share().await;
        self.not_shared(&fhir).await;
        self.mandate().await;
        self.another_satchel().await;
        close_the_door(&self.desktop).await;
    }

    /// A request as it comes, narrowed, in Spanish, and approved.
    async fn asked(&self, fhir: &str) {
        let desktop = &self.desktop;
        let waiting = Waiting::at_the_daughters_app(&self.sandbox, fhir);
        desktop.see("Waiting for your decision").await;
        desktop.ready().await;
        self.see("sharing-asked").await;
        open_request(desktop, "Kindred").await;
        desktop.see("They would see").await;
        self.see("request").await;
        self.see_small("request").await;
        self.in_spanish("pide ver parte de su historial", "Verían", "request").await;
        desktop.press(Role::Summary, "Narrow it").await;
        desktop.press(Role::Checkbox, "Medications").await;
        desktop.see("Left out: everything about Medications.").await;
        let day = choose_day(desktop, "Until the end of this day", 200).await;
        desktop.see(&format!("Until the end of {day}.")).await;
        desktop.ready().await;
        self.see("request-narrowed").await;
        desktop.press(Role::Button, "Share with Kindred until").await;
        desktop.page("You shared part of your record with Kindred").await;
        desktop.see("What happens next").await;
        self.see("shared").await;
        let given = asker::get(&waiting.sent_back()).text;
        assert!(given.contains("What Kindred was given"), "{given}");
    }

    /// A share that was used, in both languages, what was seen on a day, and its end.
    async fn share(&self) {
        let desktop = &self.desktop;
        self.at("#/sharing", "Sharing", "sharing-now").await;
        desktop.press(Role::Link, "Kindred").await;
        desktop.page("Kindred").await;
        desktop.see("Latest uses").await;
        self.see("share").await;
        self.see_small("share").await;
        self.in_spanish("Kindred", "Queda fuera: todo sobre Medicamentos.", "share").await;
        desktop.press(Role::Link, "What did they see on").await;
        desktop.see("It matches the trail.").await;
        self.see("seen").await;
        desktop.press(Role::Link, "Open the share").await;
        desktop.page("Kindred").await;
        desktop.press(Role::Button, "End now").await;
        desktop.see("Nothing can be read by it any more").await;
        self.see("share-ended").await;
        self.at("#/sharing?tab=ended", "Sharing", "sharing-ended").await;
    }

    /// Asked anew while the owner looks, and refused.
    async fn not_shared(&self, fhir: &str) {
        let desktop = &self.desktop;
        let app = App::register(fhir, "Bedside Viewer");
        let first = app.ask("patient/Observation.rs");
        open_request(desktop, "Bedside Viewer").await;
        desktop.see("They would see").await;
        let again = app.ask("patient/Observation.rs");
        desktop.press(Role::Button, "Share with Bedside Viewer until").await;
        desktop.see("It was taken back, or asked anew.").await;
        self.see("request-withdrawn").await;
        drop(first);
        open_request(desktop, "Bedside Viewer").await;
        desktop.see("They would see").await;
        desktop.press(Role::Button, "Do not share").await;
        desktop.page("You did not share with Bedside Viewer").await;
        desktop.ready().await;
        self.see("refused").await;
        assert!(again.sent_back().contains("error=access_denied"), "the program is told");
    }

    /// A contact, and a mandate for them, in both languages.
    async fn mandate(&self) {
        let desktop = &self.desktop;
        self.at("#/sharing?tab=contacts", "Sharing", "contacts-empty").await;
        self.at("#/sharing/contacts/add", "Add a contact", "contact-add").await;
        desktop.press(Role::Button, "Add this contact").await;
        desktop.see("There is a problem").await;
        self.see("contact-add-bad").await;
        desktop.fill("Name", "Nora Calder").await;
        desktop.fill("Their key", NORAS_KEY).await;
        desktop.press(Role::Button, "Add this contact").await;
        desktop.see("who signs with").await;
        self.see("contacts").await;
        desktop.press(Role::Link, "Give a mandate").await;
        desktop.page("Give Nora Calder a mandate").await;
        desktop.see("Left out: everything about Medications or Psychotherapy notes.").await;
        desktop.ready().await;
        self.see("mandate").await;
        self.see_small("mandate").await;
        self.in_spanish("Dar un mandato a Nora Calder", "Queda fuera: todo sobre Medicamentos", "mandate").await;
        desktop.see("Left out: everything about Medications or Psychotherapy notes.").await;
        desktop.press(Role::Button, "Give Nora Calder this mandate until").await;
        desktop.page("You shared part of your record with Nora Calder").await;
        self.see("mandate-given").await;
    }

    /// Where another Satchel is met, and what it lets this one have.
    async fn another_satchel(&self) {
        let desktop = &self.desktop;
        self.at("#/sharing/contacts/read", "Take in a contact card", "card-take").await;
        self.at("#/sharing/mandates/take", "Take in a mandate", "mandate-take").await;
        self.at("#/sharing/mandates/ask", "Ask for a mandate", "mandate-ask").await;
        self.at("#/sharing?tab=held", "Sharing", "mandates-held").await;
        self.at("#/sharing/contacts/meet", "Make a contact card", "card-make").await;
        self.in_spanish("Hacer una tarjeta de contacto", "¿Para quién es?", "card-make").await;
        desktop.press(Role::Button, "Make the card").await;
        desktop.see("There is a problem").await;
        self.see("card-make-bad").await;
        desktop.fill("Who is it for?", "Nora").await;
        desktop.press(Role::Button, "Make the card").await;
        desktop.see("Save it as a file").await;
        self.see("card-made").await;
        self.see_small("card-made").await;
    }
}
