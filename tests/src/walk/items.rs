use serde_json::json;

use super::Walk;
use crate::Role;

impl Walk {
    /// The record: lists, searches, an item of each kind, each kind of file.
    pub(super) async fn record(&self) {
        let desktop = &self.desktop;
        self.at("#/record", "Record", "record").await;
        let kinds = self.options("kind").await;
        self.at("#/record?kind=lab", "Record", "record-labs").await;
        self.at("#/record?kind=document", "Record", "record-documents").await;
        self.at("#/record?words=glucoze&from=2001-01-01", "Record", "record-none").await;
        for kind in kinds {
            desktop.visit(&format!("#/record?kind={kind}")).await;
            desktop.open("main [data-row]").await;
            self.see(&format!("item-{kind}")).await;
            if kind == "lab" {
                self.unfold("For experts").await;
                self.see("item-lab-experts").await;
            }
        }
        for (words, name) in [("glucose", "lab"), ("blood pressure", "vital-parts")] {
            desktop.visit(&format!("#/record?words={}", words.replace(' ', "%20"))).await;
            desktop.open("main [data-row][href*='/lab/']").await;
            desktop.see("Where this comes from").await;
            self.see(name).await;
        }
        self.documents().await;
        self.at("#/record/item/itm_none", "Item", "item-gone").await;
    }

    /// A file as pictures of its pages, as their words, as text, and one that was named and not sent.
    async fn documents(&self) {
        let desktop = &self.desktop;
        for (words, name) in [("PDF", "document-pdf"), ("PNG", "document-image"), ("held by", "document-missing")] {
            desktop.visit("#/record?kind=document&show=300").await;
            let row = "return [...document.querySelectorAll('main .row')]
                .find((row) => row.textContent.includes(arguments[0]))?.querySelector('a')?.getAttribute('href') ?? null;";
            let found = desktop.window.execute(row, vec![json!(words)]).await.expect("the page runs a script");
            let Some(address) = found.as_str() else { panic!("the record holds no document with {words}") };
            desktop.visit(address).await;
            desktop.see("Where this comes from").await;
            if name == "document-missing" {
                desktop.see("The file is not here").await;
            } else {
                desktop.find(Role::Button, "Larger").await;
                desktop.ready().await;
            }
            self.see(name).await;
            if name == "document-pdf" {
                desktop.press(Role::Button, "As plain text").await;
                self.see("document-plain").await;
                desktop.press(Role::Radio, "TXT").await;
                desktop.ready().await;
                self.see("document-text").await;
            }
        }
    }

    /// The values of a list of choices, without the one that means all.
    async fn options(&self, id: &str) -> Vec<String> {
        let all = "return [...document.getElementById(arguments[0]).options].map((one) => one.value).filter(Boolean);";
        let found = self.desktop.window.execute(all, vec![json!(id)]).await.expect("the page runs a script");
        found.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    }
}
