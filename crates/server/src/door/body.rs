use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::refusal::Refusal;

/// Bodies that are held at once, all together: what they come to is bounded whatever is sent.
#[derive(Debug)]
pub(crate) struct Bodies {
    room: Arc<Semaphore>,
    most: usize,
    time: Duration,
}

/// A body that was read, and the room it takes until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Held {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Bodies {
    /// Room in KiB for all, bytes and time for each.
    pub(crate) fn new(kib: usize, most: usize, time: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(kib)), most, time }
    }

    /// Reads a body. One that says that it is too large is not read at all; one that does not say is read that far.
    pub(crate) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Held, Refusal> {
        if let Some(stated) = headers.get(CONTENT_LENGTH) {
            let stated = stated.to_str().ok().and_then(|text| text.parse::<u64>().ok()).ok_or(Refusal::Header)?;
            if stated > u64::try_from(self.most).unwrap_or(u64::MAX) {
                return Err(Refusal::TooLarge);
            }
        }
        timeout(self.time, self.collect(body)).await.map_err(|_| Refusal::Slow)?
    }

    async fn collect(&self, body: Body) -> Result<Held, Refusal> {
        let mut held = Held::default();
        let mut frames = body.into_data_stream();
        while let Some(frame) = frames.next().await {
            let frame = frame.map_err(|_| Refusal::Broken)?;
            if held.bytes.len().saturating_add(frame.len()) > self.most {
                return Err(Refusal::TooLarge);
            }
            self.make_room(&mut held, frame.len())?;
            held.bytes.extend_from_slice(&frame);
        }
        Ok(held)
    }

    /// A vector doubles: it is counted as twice what it holds.
    fn make_room(&self, held: &mut Held, more: usize) -> Result<(), Refusal> {
        let wanted = held.bytes.len().saturating_add(more).saturating_mul(2).div_ceil(1_024);
        let has = held.room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = u32::try_from(wanted.saturating_sub(has)).map_err(|_| Refusal::TooLarge)?;
        if missing == 0 {
            return Ok(());
        }
        let room = Arc::clone(&self.room).try_acquire_many_owned(missing).map_err(|_| Refusal::Busy)?;
        match &mut held.room {
            Some(has) => has.merge(room),
            none => *none = Some(room),
        }
        Ok(())
    }
}

impl Held {
    /// The bytes, out of the count: for whoever takes them on within the count of requests.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http::HeaderValue;

    use super::*;

    fn bodies() -> Bodies {
        Bodies::new(4, 1_500, Duration::from_millis(50))
    }

    #[tokio::test]
    async fn a_body_that_says_it_is_too_large_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("104857600"));
        let never = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
        assert_eq!(bodies().read(&headers, never).await.err(), Some(Refusal::TooLarge));
    }

    #[tokio::test]
    async fn a_body_without_an_end_is_read_no_further_than_the_limit() {
        let endless = Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 100])));
        assert_eq!(bodies().read(&HeaderMap::new(), endless).await.err(), Some(Refusal::TooLarge));
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_waited_for_no_longer_than_the_limit() {
        let never = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
        assert_eq!(bodies().read(&HeaderMap::new(), never).await.err(), Some(Refusal::Slow));
    }

    #[tokio::test]
    async fn all_bodies_together_take_no_more_than_their_room() {
        let bodies = bodies();
        let first = bodies.read(&HeaderMap::new(), Body::from(vec![b'a'; 1_400])).await.unwrap();
        let second = bodies.read(&HeaderMap::new(), Body::from(vec![b'a'; 1_400])).await;
        assert_eq!(second.err(), Some(Refusal::Busy));
        drop(first);
        assert_eq!(bodies.read(&HeaderMap::new(), Body::from(vec![b'a'; 1_400])).await.unwrap().len(), 1_400);
    }
}
