use super::Walk;
use crate::Role;

impl Walk {
    /// Finding a health system, signing in, bringing in, and each way it can go wrong.
    pub(super) async fn connecting(&self) {
        let desktop = &self.desktop;
        self.at("#/connections/add", "Connect a health system", "connect").await;
        desktop.fill("Search by name or place", "nowhere at all").await;
        desktop.see("None of").await;
        desktop.fill("Address of the health system", "fhir.example").await;
        desktop.press(Role::Button, "Connect to this address").await;
        desktop.see("must start with https").await;
        self.see("connect-none").await;
        self.refused().await;
        self.waiting().await;
        self.doctor().await;
    }

    async fn refused(&self) {
        let desktop = &self.desktop;
        self.sandbox.fault("denied");
        desktop.visit("#/connections").await;
        desktop.visit("#/connections/add").await;
        desktop.press(Role::Button, "Larkspur").await;
        desktop.page("We could not finish connecting").await;
        self.see("launch-failed").await;
        self.sandbox.clear_faults();
    }

    async fn waiting(&self) {
        let desktop = &self.desktop;
        desktop.hold_browser();
        desktop.visit("#/connections").await;
        desktop.visit("#/connections/add").await;
        desktop.press(Role::Button, "Fenwick Valley").await;
        desktop.see("Waiting for you to finish in the browser").await;
        self.see("launch").await;
        self.sandbox.fault("slow@valley=700");
        desktop.let_browser_go();
        desktop.page("Bringing in your record").await;
        desktop.see(", done").await;
        self.sandbox.fault("slow@valley=6000");
        self.see("pull").await;
        self.sandbox.clear_faults();
        self.sandbox.fault("too-many@valley=20*1");
        desktop.see("asked us to slow down").await;
        self.see("pull-slowed").await;
        desktop.page("Your record has arrived").await;
        self.see("report").await;
    }

    /// The doctor finds something, nothing, and is asked.
    async fn doctor(&self) {
        let desktop = &self.desktop;
        self.at("#/connections/doctor", "Connection doctor", "doctor-ask").await;
        let well = self.sandbox.address("valley");
        for (address, name) in [("http://127.0.0.1:9/fhir", "doctor-ill"), (well.as_str(), "doctor-well")] {
            desktop.visit("#/connections/doctor").await;
            desktop.fill("Address of the health system", address).await;
            desktop.press(Role::Button, "Check").await;
            desktop.see("What we checked").await;
            self.see(name).await;
        }
    }

    /// What is connected, what came, and the end of it. The last that is done with the health system.
    pub(super) async fn connections(&self) {
        let desktop = &self.desktop;
        self.at("#/connections", "Connections", "connections").await;
        desktop.press(Role::Link, "Fenwick Valley").await;
        desktop.page("Fenwick Valley").await;
        desktop.ready().await;
        self.see("connection").await;
        desktop.press(Role::Link, "Change").await;
        desktop.page("Name of this connection").await;
        self.see("connection-name").await;
        self.sandbox.fault("forbidden-kind@valley=Condition");
        desktop.visit("#/connections").await;
        desktop.press(Role::Button, "Bring in new items").await;
        desktop.page("Nothing new this time").await;
        self.see("report-refused").await;
        self.sandbox.clear_faults();
        desktop.visit("#/connections").await;
        desktop.press(Role::Link, "Fenwick Valley").await;
        desktop.press(Role::Button, "Disconnect").await;
        desktop.see("Disconnected.").await;
        self.see("connection-ended").await;
        self.at("#/connections", "Connections", "connections-ended").await;
    }
}
