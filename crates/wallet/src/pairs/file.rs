//! A signed text as it comes in: a file that holds it, text that was pasted, or a picture of its QR code.

use std::path::Path;

use crate::Wallet;
use crate::error::WalletError;
use crate::folder::write_whole;

/// Nothing but one code with one text is taken from a picture: which of two was meant is not for us to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoCode;

/// The text in a file or in the picture of a QR code.
pub(crate) fn text_in(bytes: &[u8]) -> Result<Vec<u8>, NoCode> {
    if !credentials::is_picture(bytes) {
        return Ok(bytes.to_vec());
    }
    let mut codes = credentials::picture_texts(bytes).unwrap_or_default();
    codes.sort();
    codes.dedup();
    match <[String; 1]>::try_from(codes) {
        Ok([text]) => Ok(text.into_bytes()),
        Err(_) => Err(NoCode),
    }
}

impl Wallet {
    /// Writes a signed text to a file, whole or not at all, readable by the owner alone.
    pub(crate) async fn keep_text(&self, text: &str, path: &Path) -> Result<(), WalletError> {
        let (bytes, path) = (format!("{text}\n").into_bytes(), path.to_owned());
        self.aside(move || write_whole(&path, &bytes).map_err(WalletError::Disk)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of these codes beside one another, four dots to a module, in PNG without compression.
    fn picture(texts: &[&str]) -> Vec<u8> {
        let codes: Vec<_> = texts.iter().map(|text| credentials::qr::of_text(text).unwrap().rows).collect();
        let height = codes.iter().map(Vec::len).max().unwrap() + 8;
        let mut dots = Vec::new();
        for y in 0..height * 4 {
            dots.push(0); // No filter on this line.
            for rows in &codes {
                let row = (y / 4).checked_sub(4).and_then(|at| rows.get(at)).map(String::as_bytes);
                for x in 0..rows.len() + 8 {
                    let is_dark = row.zip(x.checked_sub(4)).is_some_and(|(row, at)| row.get(at) == Some(&b'1'));
                    dots.extend([if is_dark { 0 } else { 255 }; 4]);
                }
            }
        }
        let width = codes.iter().map(|rows| (rows.len() + 8) * 4).sum::<usize>();
        let size = |side: usize| u32::try_from(side).unwrap().to_be_bytes();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, b"IHDR", &[&size(width)[..], &size(height * 4), &[8, 0, 0, 0, 0]].concat());
        chunk(&mut png, b"IDAT", &stored(&dots));
        chunk(&mut png, b"IEND", &[]);
        png
    }

    fn chunk(png: &mut Vec<u8>, name: &[u8], body: &[u8]) {
        let named = [name, body].concat();
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        let crc = named.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        });
        png.extend(&named);
        png.extend((!crc).to_be_bytes());
    }

    /// zlib (RFC 1950) of stored blocks.
    fn stored(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0x78, 0x01];
        let blocks = bytes.chunks(60_000);
        for (at, block) in blocks.clone().enumerate() {
            let length = u16::try_from(block.len()).unwrap();
            out.push(u8::from(at + 1 == blocks.len()));
            out.extend(length.to_le_bytes());
            out.extend((!length).to_le_bytes());
            out.extend(block);
        }
        let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
            let low = (low + u32::from(*byte)) % 65_521;
            (low, (high + low) % 65_521)
        });
        out.extend((high << 16 | low).to_be_bytes());
        out
    }

    #[test]
    fn a_text_comes_as_it_is_or_from_the_one_code_of_a_picture() {
        assert_eq!(text_in(b"eyJ.e30.x").unwrap(), b"eyJ.e30.x");
        assert_eq!(text_in(&picture(&["eyJ.e30.x"])).unwrap(), b"eyJ.e30.x");
        let long = "eyJ0eXAiOiJ2Yytqd3QifQ".repeat(80);
        assert_eq!(text_in(&picture(&[&long])).unwrap(), long.as_bytes(), "a mandate too");
        assert_eq!(text_in(&picture(&["eyJ.e30.x", "eyJ.e30.y"])), Err(NoCode), "which of the two");
        assert_eq!(text_in(b"\x89PNG\r\n\x1a\nnothing"), Err(NoCode));
        assert_eq!(text_in(b"\xff\xd8\xff"), Err(NoCode));
    }
}
