//! Makes `icons/icon.ico`, which Windows programs carry, from the package's PNG files:
//!
//!     cargo run -p workpulse-tray --example windows_icon

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Sizes that Windows asks for.
const SIZES: [u8; 6] = [16, 24, 32, 48, 64, 128];
/// The largest, whose size is written as 0, may be compressed; older tools read no other so.
const LARGEST: u32 = 256;

/// Where it goes.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("icons/icon.ico")
}

fn source(size: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../installers/linux/icons/workpulse-{size}.png"))
}

/// The file's bytes: a directory of images, then the images.
pub(crate) fn make() -> io::Result<Vec<u8>> {
    let mut images = Vec::new();
    for size in SIZES {
        images.push((size, bitmap(size.into())?));
    }
    images.push((0, fs::read(source(LARGEST))?));
    let mut file = vec![0, 0, 1, 0];
    file.extend(
        u16::try_from(images.len())
            .map_err(io::Error::other)?
            .to_le_bytes(),
    );
    let mut offset = 6 + 16 * images.len();
    for (size, image) in &images {
        // Width, height, no palette, reserved, one plane, 32 bits.
        file.extend([*size, *size, 0, 0, 1, 0, 32, 0]);
        for number in [image.len(), offset] {
            file.extend(
                u32::try_from(number)
                    .map_err(io::Error::other)?
                    .to_le_bytes(),
            );
        }
        offset += image.len();
    }
    for (_, image) in images {
        file.extend(image);
    }
    Ok(file)
}

/// An image as a bitmap of an icon: from the lowest row up, blue first, and a mask of nothing.
fn bitmap(size: u32) -> io::Result<Vec<u8>> {
    let file = io::BufReader::new(fs::File::open(source(size))?);
    let mut reader = png::Decoder::new(file)
        .read_info()
        .map_err(io::Error::other)?;
    let mut pixels = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut pixels).map_err(io::Error::other)?;
    if (info.width, info.height) != (size, size)
        || (info.color_type, info.bit_depth) != (png::ColorType::Rgba, png::BitDepth::Eight)
    {
        return Err(io::Error::other(format!(
            "no picture of {size} by {size} pixels, RGBA"
        )));
    }
    let mut image = Vec::new();
    // Header; both heights together; planes and bits; then what is left at nothing.
    for number in [40, size, 2 * size, 1 | (32 << 16), 0, 0, 0, 0, 0, 0] {
        image.extend(number.to_le_bytes());
    }
    let row = 4 * usize::try_from(size).map_err(io::Error::other)?;
    for line in pixels.chunks_exact(row).rev() {
        for pixel in line.chunks_exact(4) {
            image.extend([pixel[2], pixel[1], pixel[0], pixel[3]]);
        }
    }
    let mask = size.div_ceil(32) * 4 * size;
    image.extend((0..mask).map(|_| 0_u8));
    Ok(image)
}

fn main() -> io::Result<()> {
    fs::write(target(), make()?)
}
