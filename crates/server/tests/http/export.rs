//! `$export`, as far as it is HTTP.

use crate::common::{FHIR, World};
use server::ExportOf;
use types::Actions;

const ASYNC: (&str, &str) = ("Prefer", "respond-async");

#[tokio::test]
async fn an_export_is_begun_told_fetched_and_deleted() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let own = ("Authorization", own.as_str());
    let base = format!("http://{}/fhir/$export", world.address());
    let kick_off = "/fhir/$export?_type=Patient,Goal&_since=2026-01-01T00:00:00Z&_outputFormat=ndjson";
    let begun = world.get(kick_off, &[own, ASYNC]).await;
    assert_eq!((begun.status, begun.body.as_str()), (202, ""));
    assert_eq!(begun.header("content-location"), Some(format!("{base}/1f").as_str()));
    let (types, since, request) = world.owner.begun.lock().unwrap().clone().unwrap();
    assert_eq!(types.unwrap(), ["Patient", "Goal"]);
    assert_eq!(since.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert!(request.starts_with(&format!("{base}?_type=Patient,Goal&")), "{request}");

    let told = world.get("/fhir/$export/1f", &[own]).await;
    assert_eq!((told.status, told.header("content-type")), (200, Some("application/json")));
    assert_eq!(told.header("expires"), Some("thu, 01 jan 1970 01:00:00 gmt"));
    let manifest = told.json();
    assert_eq!(manifest["requiresAccessToken"], true);
    assert_eq!(manifest["request"], request);
    assert_eq!(manifest["output"][0]["url"], format!("{base}/1f/Patient-1"));
    let file = world.get("/fhir/$export/1f/Patient-1", &[own]).await;
    assert_eq!(
        (file.status, file.header("content-type"), file.body.as_str()),
        (200, Some("application/fhir+ndjson"), "{}\n")
    );
    assert_eq!(world.send("DELETE", "/fhir/$export/1f", &[own], "").await.status, 202);
    assert_eq!(world.send("DELETE", "/fhir/$export/1f/Patient-1", &[own], "").await.status, 405);
}

#[tokio::test]
async fn a_kick_off_may_be_posted() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let headers = [("Authorization", own.as_str()), ASYNC, FHIR];
    let body = r#"{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Goal"},
        {"name":"_since","valueInstant":"2026-01-01T00:00:00Z"}]}"#;
    assert_eq!(world.send("POST", "/fhir/$export", &headers, body).await.status, 202);
    let (types, since, _) = world.owner.begun.lock().unwrap().clone().unwrap();
    assert_eq!((types.unwrap(), since.is_some()), (vec!["Goal".to_owned()], true));
    for bad in ["{}", "[]", "{", r#"{"resourceType":"Parameters","parameter":[{"name":"_type"}]}"#] {
        assert_eq!(world.send("POST", "/fhir/$export", &headers, bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_kick_off_that_is_not_understood_begins_nothing() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let own = ("Authorization", own.as_str());
    for query in [
        "_outputFormat=csv",
        "_type=Nothing",
        "_type=",
        "_type=Patient/1",
        "_since=yesterday",
        "_typeFilter=x",
        "_elements=id",
    ] {
        let reply = world.get(&format!("/fhir/$export?{query}"), &[own, ASYNC]).await;
        assert_eq!((reply.status, &reply.json()["resourceType"]), (400, &"OperationOutcome".into()), "{query}");
    }
    assert_eq!(world.get("/fhir/$export", &[own]).await.status, 400, "only asynchronously");
    assert!(world.owner.begun.lock().unwrap().is_none());
    let lenient = ("Prefer", "respond-async, handling=lenient");
    assert_eq!(world.get("/fhir/$export?_elements=id", &[own, lenient]).await.status, 202);
    assert_eq!(world.get("/fhir/$export", &[ASYNC]).await.status, 401);
    for path in [
        "/fhir/$export/2",
        "/fhir/$export/",
        "/fhir/$export/1f/",
        "/fhir/$export/1f/Patient-1/x",
        "/fhir/$export/1f?x=1",
    ] {
        assert_eq!(world.get(path, &[own]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_export_is_of_everything_of_the_patients_or_of_a_group() {
    let world = World::open().await;
    let own = world.owner.password(&["Patient"], Actions::READ);
    let own = ("Authorization", own.as_str());
    for (path, of) in [
        ("$export", ExportOf::Everything),
        ("%24export", ExportOf::Everything),
        ("Patient/$export", ExportOf::Patients),
        ("Group/g.1-A/$export", ExportOf::Group("g.1-A".to_owned())),
    ] {
        let begun = world.get(&format!("/fhir/{path}"), &[own, ASYNC]).await;
        assert_eq!(begun.status, 202, "{path}");
        assert_eq!(world.owner.begun_of.lock().unwrap().take(), Some(of), "{path}");
        let request = world.owner.begun.lock().unwrap().clone().unwrap().2;
        assert!(request.ends_with(&format!("/fhir/{path}")), "{request}");
    }
    for path in
        ["Group/$export", "Patient/1/$export", "Goal/$export", "Group/a_b/$export", "Group//$export", "x$export"]
    {
        let reply = world.get(&format!("/fhir/{path}"), &[own, ASYNC]).await;
        assert!((400..500).contains(&reply.status), "{path}: {}", reply.status);
        assert!(world.owner.begun_of.lock().unwrap().is_none(), "{path}");
    }
}
