//! Item ids: the tag of the file and the row's number in it, so that no index of random ids is needed.

use types::ItemId;

use crate::Vault;

impl Vault {
    pub(crate) fn item_id(&self, n: i64) -> ItemId {
        let mut bytes = [0; 16];
        let (tag, row) = bytes.split_at_mut(8);
        tag.copy_from_slice(&self.item_tag.to_be_bytes());
        row.copy_from_slice(&n.to_be_bytes());
        ItemId::from_random(bytes)
    }

    /// The row's number, or `None` for an id of another file.
    pub(crate) fn item_number(&self, id: &ItemId) -> Option<i64> {
        let digits = id.as_str().strip_prefix("itm_")?;
        let whole = u128::from_str_radix(digits, 16).ok()?;
        let tag = u64::try_from(whole >> 64).ok()?;
        let row = i64::try_from(whole & u128::from(u64::MAX)).ok()?;
        (tag == self.item_tag).then_some(row)
    }
}
