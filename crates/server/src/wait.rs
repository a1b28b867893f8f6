//! What a browser is shown: a page that waits and shows the code to compare. Nothing is approved here.

mod page;

use authz::{AuthorizeStop, Form, GatherStop, Gathering, OAuthError, WaitState};
use axum::response::Response;
use http::{Method, StatusCode};
use url::Url;

use crate::endpoint::Endpoint;
use crate::house::{Asked, Ends, House};
use crate::owner::Owner;
use crate::refusal::Refusal;
use crate::reply;
use page::{Language, Page};

pub(crate) async fn answer<O: Owner>(house: &House<O>, asked: Asked) -> Result<Response, Ends> {
    let language = Language::of(&asked.headers);
    match &asked.endpoint {
        Endpoint::Style => Ok(page::style()),
        Endpoint::Wait(handle) => waiting(house, handle.clone(), language).await,
        Endpoint::Claims => {
            let form = read(&asked)?;
            let gathered = house.owner.step(move |step| step.gather(&form)).await.map_err(Refusal::from)?;
            match gathered {
                Ok(gathered) => to_wait(house, gathered.handle.expose()),
                Err(GatherStop::Page(error)) => Ok(told(&error, language)),
                Err(GatherStop::Back(url)) => Ok(reply::go(&url)),
            }
        }
        _ => {
            let form = read(&asked)?;
            let wait = house.owner.step(move |step| step.authorize(&form)).await.map_err(Refusal::from)?;
            match wait {
                Ok(wait) => to_wait(house, wait.handle.expose()),
                Err(AuthorizeStop::Page(error)) => Ok(told(&error, language)),
                Err(AuthorizeStop::Back(url)) => Ok(reply::go(&url)),
            }
        }
    }
}

/// The parameters, of the query or of a form, not of both.
fn read(asked: &Asked) -> Result<Form, Ends> {
    let text = if asked.method == Method::POST {
        if !asked.query.is_empty() {
            return Err(Refusal::Query.into());
        }
        std::str::from_utf8(&asked.body).map_err(|_| Refusal::Broken)?
    } else {
        &asked.query
    };
    Ok(Form::parse(text)?)
}

/// The wait has a name that cannot be guessed, in the path; no cookie says whose it is.
fn to_wait<O: Owner>(house: &House<O>, handle: &str) -> Result<Response, Ends> {
    let url = Url::parse(&format!("{}/wait/{handle}", house.base)).map_err(|_| Refusal::Failed)?;
    Ok(reply::go(&url))
}

async fn waiting<O: Owner>(house: &House<O>, handle: String, language: Language) -> Result<Response, Ends> {
    let state = house.owner.step(move |step| match step.waiting(&handle) {
        WaitState::Over => match step.gathering(&handle) {
            Gathering::Pending { compare, message } => WaitState::Pending { compare, message },
            Gathering::Back(url) => WaitState::Go(url),
            Gathering::Over => WaitState::Over,
        },
        state => state,
    });
    Ok(match state.await.map_err(Refusal::from)? {
        WaitState::Pending { compare, message } => {
            let waits = Page::Waiting { compare: &compare, message: message.as_deref() };
            page::html(StatusCode::OK, language, &waits)
        }
        WaitState::Go(url) => reply::go(&url),
        WaitState::Over => page::html(StatusCode::GONE, language, &Page::Over),
    })
}

/// An error whose place to go back to is not known.
fn told(error: &OAuthError, language: Language) -> Response {
    page::html(reply::status(error), language, &Page::Refused { why: error.description })
}
