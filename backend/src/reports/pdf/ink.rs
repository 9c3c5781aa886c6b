//! Fonts, widths of texts, and the file itself.
//!
//! Texts come from people: what no font has is shown as a box, what steers the reading direction
//! or the printer is left out. A text is cut where it would leave its place.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{Font, TextDirection},
};
use rustybuzz::Face;

use super::{Paper, PdfError};

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, in points.
pub(super) const HEIGHT: f32 = 841.89;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
const STRONG: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf");
/// For what the others lack: it has many more scripts.
const OTHER: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");
/// For what none of them has.
const BOX: char = '\u{25A1}';
const ELLIPSIS: char = '\u{2026}';

/// Red, green, blue.
pub(super) type Color = (u8, u8, u8);

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Words.
    Regular,
    /// Titles and figures.
    Strong,
}

/// Something on a page; `y` grows downwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A filled area.
    Area {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Its width.
        width: f32,
        /// Its height.
        height: f32,
        /// Its color.
        color: Color,
    },
    /// A line of text.
    Text {
        /// Left.
        x: f32,
        /// The line that letters stand on.
        y: f32,
        /// Of the letters, in points.
        size: f32,
        /// How heavy.
        weight: Weight,
        /// Its color.
        color: Color,
        /// What it says; as it came from [`Fonts::fit`].
        text: String,
    },
}

struct Cut {
    face: Face<'static>,
    font: Font,
}

/// The fonts of the program.
pub(super) struct Fonts {
    regular: Cut,
    strong: Cut,
    other: Cut,
}

fn cut(data: &'static [u8]) -> Result<Cut, PdfError> {
    let wrong = || PdfError("a font of the program cannot be read".to_owned());
    Ok(Cut {
        face: Face::from_slice(data, 0).ok_or_else(wrong)?,
        font: Font::new(data.into(), 0).ok_or_else(wrong)?,
    })
}

impl Fonts {
    pub(super) fn new() -> Result<Self, PdfError> {
        Ok(Self {
            regular: cut(REGULAR)?,
            strong: cut(STRONG)?,
            other: cut(OTHER)?,
        })
    }

    fn of(&self, weight: Weight, letter: char) -> &Cut {
        let first = match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        };
        if first.face.glyph_index(letter).is_some() {
            first
        } else {
            &self.other
        }
    }

    fn advance(&self, weight: Weight, size: f32, letter: char) -> f32 {
        let cut = self.of(weight, letter);
        let units = cut.face.glyph_index(letter);
        let units = units.and_then(|glyph| cut.face.glyph_hor_advance(glyph));
        f32::from(units.unwrap_or(0)) * size / cut.font.units_per_em()
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        text.chars()
            .map(|letter| self.advance(weight, size, letter))
            .sum()
    }

    /// A text that can be printed: without what is no letter, and with boxes for what is in no
    /// font.
    fn printable(&self, text: &str) -> String {
        text.chars()
            .filter(|letter| !steers(*letter))
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
            .filter(|letter| !letter.is_control())
            .map(|letter| {
                let known = |cut: &Cut| cut.face.glyph_index(letter).is_some();
                if known(&self.regular) || known(&self.other) {
                    letter
                } else {
                    BOX
                }
            })
            .collect()
    }

    /// The text, as much of it as `room` points hold.
    pub(super) fn fit(&self, weight: Weight, size: f32, text: &str, room: f32) -> String {
        let text = self.printable(text);
        if self.width(weight, size, &text) <= room {
            return text;
        }
        let mut left = room - self.advance(weight, size, ELLIPSIS);
        let mut kept = String::new();
        for letter in text.chars() {
            left -= self.advance(weight, size, letter);
            if left < 0.0 {
                break;
            }
            kept.push(letter);
        }
        kept.truncate(kept.trim_end().len());
        kept.push(ELLIPSIS);
        kept
    }

    /// A text in runs of letters of one font.
    fn runs<'t>(&self, weight: Weight, text: &'t str) -> Vec<(&Font, &'t str)> {
        let mut runs: Vec<(&Font, usize, usize)> = Vec::new();
        let mut last: Option<*const Cut> = None;
        for (at, letter) in text.char_indices() {
            let cut = self.of(weight, letter);
            let end = at + letter.len_utf8();
            match runs.last_mut() {
                // A space goes with what is before it.
                Some(run) if last == Some(std::ptr::from_ref(cut)) || letter == ' ' => run.2 = end,
                _ => {
                    runs.push((&cut.font, at, end));
                    last = Some(std::ptr::from_ref(cut));
                }
            }
        }
        runs.into_iter()
            .map(|(font, from, to)| (font, &text[from..to]))
            .collect()
    }
}

/// Marks that turn the reading direction, join letters across words, or are invisible.
fn steers(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// The file.
pub(super) fn write(
    paper: &Paper,
    pages: &[Vec<Mark>],
    fonts: &Fonts,
) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::new();
    let title = format!(
        "{}, {} to {}",
        super::page::title(paper.group_by),
        paper.from,
        paper.to
    );
    document.set_metadata(
        Metadata::new()
            .title(title)
            .language("en".to_owned())
            .creator("WorkPulse".to_owned()),
    );
    let settings = PageSettings::from_wh(WIDTH, HEIGHT)
        .ok_or_else(|| PdfError("a page has no size".to_owned()))?;
    for marks in pages {
        let mut page = document.start_page_with(settings.clone());
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, mark, fonts);
        }
        surface.finish();
        page.finish();
    }
    document
        .finish()
        .map_err(|error| PdfError(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, fonts: &Fonts) {
    let fill = |(red, green, blue): Color| Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    };
    match mark {
        Mark::Area {
            x,
            y,
            width,
            height,
            color,
        } => {
            let Some(area) = Rect::from_xywh(*x, *y, *width, *height) else {
                return;
            };
            let mut path = PathBuilder::new();
            path.push_rect(area);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*color)));
                surface.draw_path(&path);
            }
        }
        Mark::Text {
            x,
            y,
            size,
            weight,
            color,
            text,
        } => {
            surface.set_fill(Some(fill(*color)));
            let mut x = *x;
            for (font, run) in fonts.runs(*weight, text) {
                surface.draw_text(
                    Point::from_xy(x, *y),
                    font.clone(),
                    *size,
                    run,
                    false,
                    TextDirection::Auto,
                );
                x += fonts.width(*weight, *size, run);
            }
        }
    }
}
