//! Sorting and pages.

use serde_json::{Value, json};

use crate::made::{BASE, ask, body, engine, found, held, issue, names, settings, small};
use search::Engine;

fn next(bundle: &Value) -> Option<String> {
    let links = bundle["link"].as_array().unwrap();
    let next = links.iter().find(|link| link["relation"] == "next")?;
    Some(next["url"].as_str().unwrap().strip_prefix(BASE).unwrap().trim_start_matches('/').to_owned())
}

/// All pages after each other.
fn walk(engine: &Engine, target: &str) -> Vec<String> {
    let (mut all, mut target) = (Vec::new(), Some(target.to_owned()));
    while let Some(page) = target {
        let bundle = body(&ask(engine, &page));
        all.extend(names(&bundle));
        target = next(&bundle);
        assert!(all.len() < 1_000, "pages without end");
    }
    all
}

#[test]
fn pages_put_together_are_the_whole_in_the_same_order() {
    let engine = engine(&small());
    for question in [
        "Observation?",
        "Observation?_sort=date",
        "Observation?_sort=-date",
        "Observation?_sort=status,-date",
        "Observation?_sort=-value-quantity",
        "Observation?_sort=code,_id",
        "Observation?_sort=-_id",
        "Observation?_sort=subject,-_lastUpdated",
        "Patient?_sort=family",
        "Patient?_sort=-birthdate",
        "?_sort=_lastUpdated",
        "?_sort=-_id",
        "Patient/p1/*?",
        "Patient/p1/$everything?",
        "Patient/p1/$everything?_type=Observation,Patient",
        "?_type=Observation,Patient&_sort=-_lastUpdated",
        "_history?",
        "Observation/_history?",
    ] {
        let whole = walk(&engine, &format!("{question}&_count=900"));
        for count in [1, 2, 3, 5] {
            assert_eq!(walk(&engine, &format!("{question}&_count={count}")), whole, "{question} by {count}");
        }
        assert!(!whole.is_empty());
    }
}

#[test]
fn sorting_goes_by_the_keys_and_what_is_missing_comes_last() {
    let engine = engine(&small());
    assert_eq!(found(&engine, "Patient?_sort=birthdate"), ["Patient/p1", "Patient/p2"]);
    assert_eq!(found(&engine, "Patient?_sort=-birthdate"), ["Patient/p2", "Patient/p1"]);
    assert_eq!(found(&engine, "Patient?_sort=active"), ["Patient/p1", "Patient/p2"]);
    assert_eq!(found(&engine, "Patient?_sort=-active"), ["Patient/p1", "Patient/p2"]);
    assert_eq!(found(&engine, "Observation?_sort=-status,-date&_count=2"), ["Observation/ob6", "Observation/ob3"]);
    assert_eq!(found(&engine, "Organization?_sort=name"), ["Organization/o2", "Organization/o1"]);
    assert_eq!(issue(&strictly(&engine, "Patient?_sort=favourite")), "sorting by this parameter is not supported");
}

fn strictly(engine: &Engine, target: &str) -> search::Response {
    let mut request = search::Request::get(target);
    request.headers.push(("prefer".into(), "handling=strict".into()));
    engine.answer(&request, crate::made::now())
}

#[test]
fn a_page_stays_where_it_was_when_the_view_changes_before_it() {
    let mut engine = engine(&small());
    let second = next(&body(&ask(&engine, "Observation?_sort=date&_count=3"))).unwrap();
    assert_eq!(found(&engine, &second), ["Observation/ob3", "Observation/ob4", "Observation/ob5"]);
    // The last of the first page goes, an earlier one comes, one on the page changes.
    engine.remove("Observation", "ob2");
    engine.put(held(&json!({"resourceType": "Observation", "id": "ob00", "effectiveDateTime": "2019-01-01"}))).unwrap();
    engine.put(held(&small()[7 + 4])).unwrap();
    assert_eq!(found(&engine, &second), ["Observation/ob3", "Observation/ob4", "Observation/ob5"]);
    assert_eq!(body(&ask(&engine, &second))["total"], 9);
}

#[test]
fn a_page_by_id_stays_where_it_was_when_ids_come_and_go() {
    for (question, later) in [
        ("Observation?_sort=_id&_count=3", ["Observation/ob3", "Observation/ob4", "Observation/ob5"]),
        ("Observation?_sort=-_id&_count=5", ["Observation/ob3", "Observation/ob2", "Observation/ob1"]),
    ] {
        let mut engine = engine(&small());
        let first = body(&ask(&engine, question));
        let second = next(&first).unwrap();
        let expected: Vec<String> = found(&engine, &second).into_iter().take(3).collect();
        assert_eq!(expected, later, "{question}");
        // The last of the first page goes, and one comes before it.
        let last = names(&first).pop().unwrap();
        engine.remove("Observation", last.trim_start_matches("Observation/"));
        let id = if question.contains("-_id") { "ob99" } else { "ob0" };
        engine.put(held(&json!({"resourceType": "Observation", "id": id}))).unwrap();
        assert_eq!(found(&engine, &second)[..3], later, "{question}");
    }
}

#[test]
fn a_page_is_useless_under_another_key_another_path_or_with_other_parameters() {
    let one = engine(&small());
    let page = next(&body(&ask(&one, "Observation?_count=3"))).unwrap();
    let mut other = Engine::new(settings(2));
    small().iter().for_each(|resource| other.put(held(resource)).unwrap());
    let refused = ask(&other, &page);
    assert_eq!((refused.status, issue(&refused).as_str()), (410, "the page is not known"));
    assert_eq!(ask(&one, &page.replace("Observation", "Condition")).status, 410);
    assert_eq!(ask(&one, &format!("{page}&code=1")).status, 410);
    assert_eq!(ask(&one, &format!("{page}A")).status, 410);
    assert_eq!(ask(&one, &format!("{page}&_format=json")).status, 200);
}

#[test]
fn a_page_keeps_its_question_shape_and_includes() {
    let engine = engine(&small());
    let first = "Observation?code=2345-7&_count=2&_elements=status&_include=Observation:subject&favourite=blue";
    let page = next(&body(&ask(&engine, first))).unwrap();
    let bundle = body(&ask(&engine, &page));
    assert_eq!(names(&bundle), ["Observation/ob4", "Observation/ob6", "Patient/p1"]);
    assert!(bundle["entry"][0]["resource"].get("valueQuantity").is_none());
    assert_eq!(bundle["total"], 5);
    assert_eq!(bundle["link"][0]["url"].as_str().unwrap(), format!("{BASE}/{page}"));
}

#[test]
fn a_huge_count_is_cut_and_none_is_a_count_alone() {
    let engine = engine(&small());
    assert_eq!(found(&engine, "Observation?_count=99999999999999").len(), 9);
    let none = body(&ask(&engine, "Observation?_count=0"));
    assert_eq!((&none["total"], none.get("entry")), (&json!(9), None));
    assert_eq!(body(&ask(&engine, "Observation?_summary=count"))["total"], 9);
    assert!(body(&ask(&engine, "Observation?_total=none")).get("total").is_none());
}

#[test]
fn a_page_says_which_types_it_needs_and_cannot_be_turned_to_others() {
    let engine = engine(&small());
    for question in ["Patient/p1/$everything?_type=Observation,Patient&_count=2", "?_type=Observation,Patient&_count=2"]
    {
        let page = next(&body(&ask(&engine, question))).unwrap();
        assert_eq!(search::Request::get(&page).needs(), search::Request::get(question).needs());
        assert_eq!(ask(&engine, &page).status, 200);
        assert_eq!(ask(&engine, &page.replace("_type=Observation,Patient", "_type=Patient")).status, 410);
        assert_eq!(
            ask(&engine, &page.replace("&_type=Observation,Patient", "")).status,
            200,
            "it then needs all types"
        );
    }
    let all = next(&body(&ask(&engine, "?_count=2"))).unwrap();
    assert_eq!(ask(&engine, &format!("{all}&_type=Patient")).status, 410);
}
