use std::io::Write;

use flate2::Compression;
use flate2::Crc;
use flate2::write::ZlibEncoder;

use super::dice::Dice;

const SIDE: u32 = 160;

/// A grey PNG of soft rings, different for every throw.
pub(crate) fn scan(dice: &mut Dice) -> Vec<u8> {
    let (x, y) = (dice.between(50, 110), dice.between(50, 110));
    let band = dice.between(9, 21);
    let mut rows = Vec::new();
    for row in 0..i64::from(SIDE) {
        rows.push(0);
        for column in 0..i64::from(SIDE) {
            let away = (row - y).pow(2) + (column - x).pow(2);
            let ring = (away / (band * 12)) % 128;
            let fade = 120 - (away / 120).min(120);
            rows.push(u8::try_from((ring + fade).clamp(0, 255)).unwrap_or(255));
        }
    }
    png(&rows)
}

fn png(rows: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&SIDE.to_be_bytes());
    header.extend_from_slice(&SIDE.to_be_bytes());
    // Eight bits of grey, not interlaced.
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &squeezed(rows));
    chunk(&mut out, b"IEND", &[]);
    out
}

/// Writing into memory cannot fail; were it to, the picture would be empty and its test would say so.
fn squeezed(rows: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    match encoder.write_all(rows) {
        Ok(()) => encoder.finish().unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(name);
    out.extend_from_slice(data);
    out.extend_from_slice(&crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use std::io::Read;

    #[test]
    fn the_picture_unpacks_to_its_rows() {
        let bytes = scan(&mut Dice::new(3));
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        let at = bytes.windows(4).position(|four| four == b"IDAT").unwrap() + 4;
        let mut rows = Vec::new();
        ZlibDecoder::new(&bytes[at..]).read_to_end(&mut rows).unwrap();
        assert_eq!(rows.len(), 160 * 161);
    }
}
