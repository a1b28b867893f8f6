use super::Walk;
use crate::Role;
use crate::journey::scanned;

/// A card whose issuer cannot be asked for its keys: `eyJ…` in three parts, with a signature that says nothing.
pub(crate) fn of_an_unreachable_issuer() -> String {
    let header = r#"{"zip":"DEF","alg":"ES256","kid":"3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"}"#;
    let payload = r#"{"iss":"https://cards.invalid/issuer","nbf":1750000000,"vc":{"type":["https://smarthealth.cards#health-card","https://smarthealth.cards#immunization"],"credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"resource:0","resource":{"resourceType":"Patient","name":[{"family":"Calder","given":["Ines"]}],"birthDate":"1984-05-17"}},{"fullUrl":"resource:1","resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"140"}]},"patient":{"reference":"resource:0"},"occurrenceDateTime":"2025-10-04"}}]}}}}"#;
    // DEFLATE allows a block that is stored as it is (RFC 1951, 3.2.4).
    let length = u16::try_from(payload.len()).expect("a short card");
    let mut deflated = vec![1];
    deflated.extend(length.to_le_bytes());
    deflated.extend((!length).to_le_bytes());
    deflated.extend(payload.bytes());
    [header.as_bytes(), &deflated, &[7; 64]].map(base64url).join(".")
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().enumerate().fold(0u32, |bits, (at, &byte)| bits | u32::from(byte) << (16 - 8 * at));
        for at in 0..=three.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

/// The same card with one letter of its signature changed.
fn changed(numeric: &str) -> String {
    let at = numeric.len() - 40;
    let other = if &numeric[at..at + 2] == "52" { "53" } else { "52" };
    format!("{}{other}{}", &numeric[..at], &numeric[at + 2..])
}

impl Walk {
    /// Holding cards, showing one, checking somebody's.
    pub(super) async fn cards(&self) {
        let desktop = &self.desktop;
        self.at("#/cards/add", "Add a card", "card-add").await;
        desktop.press(Role::Button, "Add this text").await;
        desktop.see("Paste the text of a card").await;
        desktop.fill("Text of the card", "shc:/567").await;
        desktop.press(Role::Button, "Add this text").await;
        desktop.find(Role::Summary, "For experts").await;
        self.see("card-add-bad").await;
        desktop.press(Role::Button, "Bring in cards").await;
        desktop.see("added").await;
        self.see("card-added").await;
        self.at("#/cards", "Cards", "cards").await;
        desktop.press(Role::Link, "Show this card").await;
        desktop.see("They will learn exactly this").await;
        self.see("card-show").await;
        let text = scanned(desktop, "card-scanned").await;
        desktop.press(Role::Button, "Larger code").await;
        desktop.see("Code with its details").await;
        self.see("card-show-large").await;
        self.in_parts().await;
        self.removed().await;
        self.checked(text.trim()).await;
    }

    /// A card that is too long for one code, taken in part by part and shown so.
    async fn in_parts(&self) {
        let desktop = &self.desktop;
        let Some(folder) = testkit::shared("vectors/shc-spec") else { return };
        desktop.visit("#/cards/add").await;
        for (part, said) in [(2, "Parts 1 and 2"), (0, "Part 2"), (1, "1 card added")] {
            let file = folder.join(format!("example-02-f-qr-code-numeric-value-{part}.txt"));
            let text = std::fs::read_to_string(file).expect("the example is there");
            desktop.paste("Text of the card", text.trim()).await;
            desktop.press(Role::Button, "Add this text").await;
            desktop.see(said).await;
            if part == 2 {
                self.see("card-add-parts").await;
            }
        }
        desktop.open("main .rows a").await;
        desktop.press(Role::Link, "Show this card").await;
        desktop.see("Part 1 of 3").await;
        if desktop.shows(Role::Button, "Pause").await {
            desktop.press(Role::Button, "Pause").await;
        }
        self.see("card-show-parts").await;
    }

    async fn removed(&self) {
        let desktop = &self.desktop;
        desktop.visit("#/cards").await;
        desktop.press(Role::Button, "Remove").await;
        desktop.see("is removed").await;
        self.see("cards-removed-now").await;
        self.at("#/cards/removed", "Removed cards", "cards-removed").await;
        desktop.press(Role::Button, "Put it back").await;
        desktop.see("is back among your cards").await;
    }

    async fn checked(&self, good: &str) {
        let desktop = &self.desktop;
        self.at("#/cards/check", "Check a card", "card-check").await;
        desktop.fill("Text of the card", "good morning").await;
        desktop.press(Role::Button, "Check this text").await;
        desktop.ready().await;
        desktop.find(Role::Button, "Check this text").await;
        self.see("card-check-nothing").await;
        let cards = [
            (of_an_unreachable_issuer(), "Cannot tell", "card-cannot-tell"),
            (changed(good), "Not verified", "card-not-verified"),
            (good.to_owned(), "Verified", "card-verified"),
        ];
        for (text, verdict, name) in cards {
            desktop.visit("#/cards").await;
            desktop.visit("#/cards/check").await;
            desktop.paste("Text of the card", &text).await;
            desktop.press(Role::Button, "Check this text").await;
            desktop.find(Role::Heading, verdict).await;
            self.see(name).await;
        }
    }
}
