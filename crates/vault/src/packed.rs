//! How resources lie in the file: squeezed, with a dictionary of what FHIR repeats. A byte costs more to seal and to
//! write than to squeeze, and whoever reads a resource can squeeze it beside the one writer.
//!
//! The first byte says how: [`PLAIN`] or the number of a dictionary. JSON begins with neither, and what was kept before
//! version 6 of the schema is JSON as it is.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// As it is.
const PLAIN: u8 = 0;
/// Zstandard with [`FIRST`].
const SQUEEZED: u8 = 1;
/// The least a byte can be that JSON begins with.
const JSON: u8 = b'\t';

/// Made once from invented people (`tests/tests/dictionary.rs`). What was written with it is read with it for ever.
const FIRST: &[u8] = include_bytes!("packed/first.dictionary");

/// The fastest that gains from a dictionary.
const LEVEL: i32 = 1;

static WRITE: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(FIRST, LEVEL));
static READ: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(FIRST));

thread_local! {
    /// Room to work in; making it costs more than squeezing a resource.
    static WRITER: RefCell<Option<(Compressor<'static>, Vec<u8>)>> = const { RefCell::new(None) };
    static READER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The bytes as they are kept.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    WRITER.with_borrow_mut(|writer| squeeze(writer, bytes)).unwrap_or_else(|_| [&[PLAIN], bytes].concat())
}

fn squeeze(writer: &mut Option<(Compressor<'static>, Vec<u8>)>, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let (compressor, room) = match writer {
        Some(writer) => writer,
        None => {
            let mut compressor = Compressor::with_prepared_dictionary(&WRITE)?;
            compressor.include_dictid(false)?;
            writer.insert((compressor, Vec::new()))
        }
    };
    room.clear();
    room.reserve(zstd::zstd_safe::compress_bound(bytes.len()));
    compressor.compress_to_buffer(bytes, room)?;
    let kept = [&[SQUEEZED], room.as_slice()].concat();
    // One resource that is a book must not keep its room for ever.
    room.shrink_to(ROOM);
    Ok(kept)
}

/// Bytes of room that are kept for the next.
const ROOM: usize = 64 << 10;

/// More than any resource has; who says so wants memory.
const MOST: usize = 1 << 30;

/// Bytes as they were given to [`pack`].
pub(crate) fn unpack(kept: &[u8]) -> io::Result<Vec<u8>> {
    match kept.split_first() {
        Some((&PLAIN, bytes)) => Ok(bytes.to_vec()),
        Some((&SQUEEZED, frame)) => READER.with_borrow_mut(|reader| expand(reader, frame)),
        Some((first, _)) if *first < JSON => Err(io::ErrorKind::InvalidData.into()),
        _ => Ok(kept.to_vec()),
    }
}

fn expand(reader: &mut Option<Decompressor<'static>>, frame: &[u8]) -> io::Result<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(frame).map_err(|_| io::ErrorKind::InvalidData)?;
    let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size <= MOST);
    let size = size.ok_or(io::ErrorKind::InvalidData)?;
    let decompressor = match reader {
        Some(reader) => reader,
        None => reader.insert(Decompressor::with_prepared_dictionary(&READ)?),
    };
    decompressor.decompress(frame, size)
}

/// A column of bytes as [`pack`] made them, read back.
pub(crate) struct Unpacked(pub(crate) Vec<u8>);

impl FromSql for Unpacked {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        unpack(value.as_blob()?).map(Self).map_err(|cause| FromSqlError::Other(Box::new(cause)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn result(n: u32) -> Vec<u8> {
        let text = format!(
            "{{\"resourceType\":\"Observation\",\"id\":\"{n:08x}\",\"status\":\"final\",\"category\":[{{\"coding\":[{{\"system\":\
             \"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"laboratory\"}}]}}],\"code\":{{\"coding\":\
             [{{\"system\":\"http://loinc.org\",\"code\":\"2345-7\",\"display\":\"Glucose\"}}]}},\"subject\":{{\"reference\":\
             \"Patient/p\"}},\"valueQuantity\":{{\"value\":{n},\"unit\":\"mg/dL\",\"system\":\"http://unitsofmeasure.org\"}}}}"
        );
        text.into_bytes()
    }

    #[test]
    fn a_result_takes_a_third_of_its_size_at_most() {
        let (plain, kept) = (result(7), pack(&result(7)));
        assert!(kept.len() * 3 < plain.len(), "{} of {}", kept.len(), plain.len());
        assert_eq!(unpack(&kept).unwrap(), plain);
    }

    #[test]
    fn what_was_kept_before_is_read_as_it_is() {
        for before in [result(1), b" \n{}".to_vec(), Vec::new()] {
            assert_eq!(unpack(&before).unwrap(), before);
        }
    }

    #[test]
    fn what_nobody_wrote_is_an_error_and_takes_no_memory() {
        let kept = pack(&result(1));
        assert!(unpack(&[2, 3, 4]).is_err(), "a dictionary that is not known");
        assert!(unpack(&kept[..kept.len() / 2]).is_err(), "cut short");
        let mut many = vec![SQUEEZED, 0x28, 0xb5, 0x2f, 0xfd, 0xe0];
        many.extend([0xff; 8]);
        assert!(unpack(&many).is_err(), "says that it is larger than anything");
    }

    proptest! {
        #[test]
        fn everything_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..3_000), times in 1usize..40) {
            let bytes = bytes.repeat(times);
            prop_assert_eq!(unpack(&pack(&bytes)).unwrap(), bytes);
        }
    }
}
