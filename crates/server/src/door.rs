//! The door: what is checked of every request before anybody knows what it is about. It holds no right and knows no
//! data; the engine behind it holds even without it.

mod body;
mod head;
mod hosts;
mod media;
mod origin;
mod rates;
mod turn;

pub(crate) use body::Bodies;
pub(crate) use head::{closed, single};
pub(crate) use hosts::Hosts;
pub(crate) use media::media_fits;
pub(crate) use origin::{Asking, answer_preflight, asking, let_read};
pub(crate) use rates::Rates;
pub(crate) use turn::until_read;
