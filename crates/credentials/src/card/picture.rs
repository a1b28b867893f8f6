use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, imageops};
use rqrr::PreparedImage;

use super::ReadError;

/// Pixels that are looked at: a page scanned at 600 dots per inch has 35 million.
const MAX_PIXELS: u64 = 40_000_000;

/// Pixels of one side.
const MAX_SIDE: u32 = 12_000;

/// Below this width, a picture is also tried at twice its size; above the other, at half.
const SMALL: u32 = 1_200;
const LARGE: u32 = 2_000;

/// Whether the bytes begin as a picture does that is read here.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    format(bytes).is_some()
}

fn format(bytes: &[u8]) -> Option<ImageFormat> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(ImageFormat::Png);
    }
    bytes.starts_with(b"\xff\xd8\xff").then_some(ImageFormat::Jpeg)
}

/// The texts of all QR codes seen in the picture.
pub(super) fn codes(bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let picture = decode(bytes)?;
    let texts = look(&picture);
    if !texts.is_empty() {
        return Ok(texts);
    }
    let (width, height) = picture.dimensions();
    let other = if width.max(height) <= SMALL {
        imageops::resize(&picture, width * 2, height * 2, imageops::FilterType::Nearest)
    } else if width.max(height) >= LARGE {
        imageops::resize(&picture, width / 2, height / 2, imageops::FilterType::Triangle)
    } else {
        return Err(ReadError::NoCode);
    };
    let texts = look(&other);
    if texts.is_empty() { Err(ReadError::NoCode) } else { Ok(texts) }
}

/// Decodes to grey. The header's promise is checked before a pixel is made.
fn decode(bytes: &[u8]) -> Result<GrayImage, ReadError> {
    let format = format(bytes).ok_or(ReadError::UnknownFile)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| match error {
        image::ImageError::Limits(_) => ReadError::PictureTooLarge,
        _ => ReadError::Picture,
    })?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ReadError::PictureTooLarge);
    }
    Ok(DynamicImage::from_decoder(decoder).map_err(|_| ReadError::Picture)?.into_luma8())
}

fn look(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let pixel = |x: usize, y: usize| {
        let at = u32::try_from(x).ok().zip(u32::try_from(y).ok());
        at.and_then(|(x, y)| picture.get_pixel_checked(x, y)).map_or(255, |pixel| pixel.0.iter().copied().sum())
    };
    let mut prepared = PreparedImage::prepare_from_greyscale(width as usize, height as usize, pixel);
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
