use std::io::Cursor;
use std::process::Command;

use credentials::qr::{Codes, DrawError, Level, MAX_SINGLE, QrMatrix, draw, texts};
use credentials::{Card, CardInput, Unverified};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};

use crate::kit::{EXAMPLES, example, folder};

/// Modules as squares, with the quiet zone around.
fn render(code: &QrMatrix, module: u32) -> GrayImage {
    let side = (u32::try_from(code.rows.len()).unwrap() + 8) * module;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / module) as usize, (y / module) as usize);
        let inside = x >= 4 && y >= 4 && x - 4 < code.rows.len() && y - 4 < code.rows.len();
        Luma([if inside && code.rows[y - 4].as_bytes()[x - 4] == b'1' { 0 } else { 255 }])
    })
}

fn file(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Pictures beneath each other.
fn stack(pictures: &[GrayImage]) -> GrayImage {
    let width = pictures.iter().map(GrayImage::width).max().unwrap();
    let mut all = GrayImage::from_pixel(width, pictures.iter().map(GrayImage::height).sum(), Luma([255]));
    let mut top = 0;
    for picture in pictures {
        image::imageops::replace(&mut all, picture, 0, i64::from(top));
        top += picture.height();
    }
    all
}

fn examples() -> Vec<String> {
    if folder().is_none() {
        return Vec::new();
    }
    EXAMPLES
        .iter()
        .map(|(number, _)| example(&format!("example-{number}-d-jws.txt")).unwrap().trim().to_owned())
        .collect()
}

/// What an independent reader sees in the picture.
fn zbar(picture: &[u8]) -> Option<String> {
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    std::fs::write(file.path(), picture).unwrap();
    let output =
        Command::new("zbarimg").args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(file.path()).output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned()),
        Err(_) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("zbarimg is missing"),
        Err(_) => {
            eprintln!("skipped: zbarimg is not here");
            None
        }
    }
}

#[test]
fn drawn_codes_carry_the_texts_that_are_published() {
    for ((number, parts), jws) in EXAMPLES.iter().zip(examples()) {
        let published: Vec<String> = (0..*parts)
            .map(|part| {
                example(&format!("example-{number}-f-qr-code-numeric-value-{part}.txt")).unwrap().trim().to_owned()
            })
            .collect();
        assert_eq!(texts(&jws, Codes::Parts).unwrap(), published, "{number}");
    }
}

#[test]
fn an_independent_reader_reads_every_code_back() {
    for jws in examples() {
        for code in draw(&jws, Codes::Parts).unwrap() {
            let Some(seen) = zbar(&file(render(&code, 4), ImageFormat::Png)) else { return };
            assert_eq!(seen, code.text);
        }
    }
}

#[test]
fn pictures_of_codes_give_the_card_whole_in_parts_and_in_any_order() {
    for jws in examples() {
        let codes = draw(&jws, Codes::Parts).unwrap();
        let mut pictures: Vec<GrayImage> = codes.iter().map(|code| render(code, 4)).collect();
        for _ in 0..2 {
            for format in [ImageFormat::Png, ImageFormat::Jpeg] {
                let bytes = file(stack(&pictures), format);
                let read = Card::read(CardInput::Bytes(&bytes)).unwrap();
                let texts: Vec<String> = read.cards.iter().map(Unverified::jws).collect();
                assert_eq!(texts, [jws.as_str()], "{format:?}");
            }
            pictures.reverse();
        }
    }
}

#[test]
fn small_and_large_pictures_are_read() {
    let Some(jws) = examples().into_iter().next() else { return };
    let code = draw(&jws, Codes::One).unwrap().remove(0);
    for module in [2, 3, 8, 20] {
        let read = Card::read(CardInput::Bytes(&file(render(&code, module), ImageFormat::Png))).unwrap();
        assert_eq!(read.cards[0].jws(), jws, "{module} pixels a module");
    }
}

#[test]
fn the_published_pictures_are_read() {
    let Some(folder) = folder() else { return };
    for (number, parts) in EXAMPLES {
        let jws = example(&format!("example-{number}-d-jws.txt")).unwrap();
        let pictures: Vec<GrayImage> = (0..parts)
            .map(|part| {
                rows_of_svg(
                    &std::fs::read_to_string(folder.join(format!("example-{number}-g-qr-code-{part}.svg"))).unwrap(),
                )
            })
            .collect();
        let read = Card::read(CardInput::Bytes(&file(stack(&pictures), ImageFormat::Png))).unwrap();
        assert_eq!(read.cards[0].jws(), jws.trim(), "{number}");
    }
    let link = std::fs::read(folder.join("IPS_IG-bundle-01-shl.png")).unwrap();
    let error = Card::read(CardInput::Bytes(&link)).map(|read| read.cards.len()).unwrap_err();
    assert_eq!(error, credentials::ReadError::HealthLink);
}

/// The published pictures are one path of horizontal strokes: `M x y.5 h length` and `m dx 0`.
fn rows_of_svg(svg: &str) -> GrayImage {
    let side: u32 = svg.split("0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = svg.split("stroke=\"#000000\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let scale = 4;
    let mut picture = GrayImage::from_pixel(side * scale, side * scale, Luma([255]));
    for row in path.split('M').skip(1) {
        let mut strokes = row.split('h');
        let mut start = strokes.next().unwrap().split(' ');
        let mut x: u32 = start.next().unwrap().parse().unwrap();
        let y: u32 = start.next().unwrap().split('.').next().unwrap().parse().unwrap();
        for stroke in strokes {
            let mut numbers = stroke.split('m');
            let length: u32 = numbers.next().unwrap().parse().unwrap();
            for dark in x * scale..(x + length) * scale {
                (y * scale..(y + 1) * scale).for_each(|line| picture.put_pixel(dark, line, Luma([0])));
            }
            x += length + numbers.next().map_or(0, |move_| move_.split(' ').next().unwrap().parse().unwrap());
        }
    }
    picture
}

#[test]
fn the_longest_text_for_one_code_fits_version_22_and_one_more_does_not() {
    let text = "e".repeat(MAX_SINGLE);
    let code = draw(&text, Codes::One).unwrap().remove(0);
    assert_eq!((code.version, code.level, code.part, code.parts), (22, Level::L, 1, 1));
    assert_eq!(code.rows.len(), 105);
    assert_eq!(draw(&"e".repeat(MAX_SINGLE + 1), Codes::One), Err(DrawError::TooLong));
    let halves = draw(&"e".repeat(MAX_SINGLE + 5), Codes::Parts).unwrap();
    let lengths: Vec<usize> = halves.iter().map(|code| code.text.len()).collect();
    assert_eq!(lengths, ["shc:/1/2/".len() + 1200; 2], "parts of the same size");
}

#[test]
fn short_texts_take_small_codes_and_spare_room_goes_to_correction() {
    let code = draw(&"e".repeat(40), Codes::One).unwrap().remove(0);
    assert!(code.version < 8);
    let codes: Vec<QrMatrix> =
        (1..300).map(|length| draw(&"e".repeat(length), Codes::One).unwrap().remove(0)).collect();
    assert!(codes.iter().any(|code| code.level != Level::L));
    assert!(codes.windows(2).all(|pair| pair[0].version <= pair[1].version));
}

#[test]
fn many_parts_are_drawn_and_too_many_are_not() {
    for length in [9 * 1191, 9 * 1191 + 1, 20_000, 99 * 1188] {
        let codes = draw(&"e".repeat(length), Codes::Parts).unwrap();
        assert!(codes.iter().all(|code| code.version <= 22), "{length}");
    }
    assert_eq!(draw(&"e".repeat(99 * 1188 + 1), Codes::Parts), Err(DrawError::TooManyParts));
    assert_eq!(draw("with space", Codes::One), Err(DrawError::NotASignedText));
    assert_eq!(draw("", Codes::One), Err(DrawError::NotASignedText));
}
