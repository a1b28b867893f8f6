use std::convert::Infallible;

use axum::body::{Body, HttpBody, to_bytes};
use axum::response::Response;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, HeaderValue};
use tokio::sync::OwnedSemaphorePermit;

/// Answers up to this size are in the system's hands at once.
const SMALL: usize = 65_536;

/// Keeps the turn of a request until its answer is taken: how many large answers are held is bounded, however slowly
/// they are read.
pub(crate) async fn until_read(response: Response, turn: OwnedSemaphorePermit) -> Response {
    if response.body().size_hint().upper().is_some_and(|bytes| bytes <= SMALL as u64) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(head, Body::empty()) };
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let parts = stream::unfold((bytes, turn), |(mut rest, turn)| async move {
        let part = rest.split_to(rest.len().min(SMALL));
        (!part.is_empty()).then_some((Ok::<_, Infallible>(part), (rest, turn)))
    });
    Response::from_parts(head, Body::from_stream(parts))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn a_large_answer_keeps_its_turn_until_it_is_read() {
        let turns = Arc::new(Semaphore::new(1));
        let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
        let large = until_read(Response::new(Body::from(vec![b'a'; 200_000])), turn).await;
        assert_eq!(turns.available_permits(), 0);
        assert_eq!(large.headers()["content-length"], "200000");
        assert_eq!(to_bytes(large.into_body(), 1_000_000).await.unwrap().len(), 200_000);
        assert_eq!(turns.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_small_answer_gives_its_turn_back_at_once() {
        let turns = Arc::new(Semaphore::new(1));
        let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
        let _small = until_read(Response::new(Body::from("a")), turn).await;
        assert_eq!(turns.available_permits(), 1);
    }
}
