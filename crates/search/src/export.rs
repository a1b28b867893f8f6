//! NDJSON, as Bulk Data takes it: one resource a line.

use jiff::Timestamp;

use crate::engine::Engine;

impl Engine {
    /// The types of the view and how many resources each has, by name.
    pub fn types(&self) -> impl Iterator<Item = (&str, usize)> {
        self.store.shelves.iter().map(|(kind, shelf)| (kind.as_ref(), shelf.live.len()))
    }

    /// Gives the lines of a type to `take`, in the order of ids, each with its end of line. `since` leaves out what has
    /// not changed in the view from then on (Bulk Data Access 2.0, `_since`).
    pub fn export(&self, resource_type: &str, since: Option<Timestamp>, mut take: impl FnMut(&[u8])) {
        let Some(shelf) = self.store.shelves.get(resource_type) else { return };
        let mut line = Vec::new();
        for document in shelf.numbers().filter_map(|number| self.store.document(number)) {
            let changed =
                document.current().is_some_and(|version| since.is_none_or(|since| version.last_updated > since));
            if !changed {
                continue;
            }
            line.clear();
            document.write(&mut line);
            // Inside of strings JSON has no line ends: those here stand between members.
            line.iter_mut().filter(|byte| matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
            line.push(b'\n');
            take(&line);
        }
    }
}
