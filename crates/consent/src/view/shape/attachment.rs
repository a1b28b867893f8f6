//! Attachments: what is a document can say anything, and no rule reads it.

use serde_json::{Map, Value};

use super::Attachments;
use super::walk::{Fate, Walk, masked};

impl Walk<'_> {
    pub(super) fn attachment(&mut self, members: &mut Map<String, Value>) -> Fate {
        let kept = self.order.kept.iter().any(|place| place.is_empty() || **place == *self.place());
        let stays = match self.order.attachments {
            Attachments::Stay => true,
            Attachments::Pictures => {
                kept || is_picture(members.get("contentType").and_then(Value::as_str).unwrap_or_default())
            }
            Attachments::Go => kept,
        };
        if stays {
            if self.members(members) == Fate::Gone {
                return Fate::Gone;
            }
            // Its address may have led to what is not in the view.
            if members.contains_key("url") || members.contains_key("data") {
                return Fate::Stays;
            }
        } else {
            self.withheld.push(self.place().into());
            self.cut("attachment");
        }
        if !self.is_required() {
            return Fate::Gone;
        }
        for name in ["url", "data", "size", "hash"] {
            members.remove(name);
            members.remove(&format!("_{name}"));
        }
        members.extend(masked());
        Fate::Stays
    }
}

/// Whether a content type is one of pictures.
pub(in super::super) fn is_picture(kind: &str) -> bool {
    let kind = kind.trim().to_ascii_lowercase();
    kind.starts_with("image/") || kind.starts_with("application/dicom")
}
