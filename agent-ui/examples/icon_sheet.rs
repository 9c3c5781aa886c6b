//! Draws every tray icon at panel sizes on light and dark panels, for a person to look at:
//! `cargo run -p workpulse-tray --example icon_sheet -- sheet.png`; with `--app FILE` as
//! the only arguments it writes the application's own icon instead.

use std::{fs::File, io::BufWriter};

use workpulse_tray::icon::{IconState, Picture};

const SIZES: [u32; 6] = [16, 22, 24, 32, 48, 64];
const PANELS: [[u8; 3]; 4] = [[0xff; 3], [0xe6; 3], [0x2b; 3], [0x00; 3]];
const CELL: u32 = 72;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, file] if flag == "--app" => {
            let picture = IconState::Working.picture(256);
            write_png(file, picture.size(), picture.size(), picture.rgba())
        }
        [file] => write_sheet(file),
        _ => anyhow::bail!("usage: icon_sheet FILE | icon_sheet --app FILE"),
    }
}

fn write_sheet(file: &str) -> anyhow::Result<()> {
    let columns = u32::try_from(SIZES.len())?;
    let rows = u32::try_from(PANELS.len() * IconState::ALL.len())?;
    let (width, height) = (columns * CELL, rows * CELL);
    let mut sheet = vec![0xff; (width * height * 4) as usize];
    for (i, panel) in PANELS.iter().enumerate() {
        for (j, state) in IconState::ALL.iter().enumerate() {
            let row = u32::try_from(i * IconState::ALL.len() + j)?;
            for (column, size) in (0..).zip(SIZES) {
                let picture = state.picture(size);
                place(
                    &mut sheet,
                    width,
                    (column * CELL, row * CELL),
                    *panel,
                    &picture,
                );
            }
        }
    }
    write_png(file, width, height, &sheet)
}

/// Puts a picture into the middle of one cell, over the panel's color.
fn place(sheet: &mut [u8], width: u32, at: (u32, u32), panel: [u8; 3], picture: &Picture) {
    let margin = (CELL - picture.size()) / 2;
    for y in 0..CELL {
        for x in 0..CELL {
            let inside = x.checked_sub(margin).zip(y.checked_sub(margin));
            let ink = inside
                .filter(|(x, y)| *x < picture.size() && *y < picture.size())
                .map(|(x, y)| ((y * picture.size() + x) * 4) as usize);
            let target = (((at.1 + y) * width + at.0 + x) * 4) as usize;
            for channel in 0..3 {
                let under = u32::from(panel[channel]);
                let mixed = ink.map_or(under, |i| {
                    let alpha = u32::from(picture.rgba()[i + 3]);
                    (u32::from(picture.rgba()[i + channel]) * alpha + under * (255 - alpha)) / 255
                });
                sheet[target + channel] = u8::try_from(mixed).unwrap_or(u8::MAX);
            }
        }
    }
}

fn write_png(file: &str, width: u32, height: u32, rgba: &[u8]) -> anyhow::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(file)?), width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(rgba)?;
    Ok(())
}
